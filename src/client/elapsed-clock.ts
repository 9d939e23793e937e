/**
 * A clock in milliseconds that never goes back: the monotonic clock, plus the most that the wall clock was ever ahead
 * of it. The monotonic clock may stop while the machine sleeps; the wall clock may be changed. At worst, too much time
 * seems to have passed.
 */
export function elapsedClock(wall: () => number, mono: () => number): () => number {
  let ahead = 0;
  return () => {
    ahead = Math.max(ahead, wall() - mono());
    return mono() + ahead;
  };
}
