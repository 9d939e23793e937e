/**
 * Milliseconds that never go back: by the monotonic clock, plus whatever the wall clock went ahead of it, since the
 * one may stand still while the machine sleeps, and the other may be set. So at worst more time seems to have passed.
 */
export function elapsedClock(wall: () => number, mono: () => number): () => number {
  let ahead = 0;
  return () => {
    ahead = Math.max(ahead, wall() - mono());
    return mono() + ahead;
  };
}
