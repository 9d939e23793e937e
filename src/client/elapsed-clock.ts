/**
 * Milliseconds of elapsed time, by whichever clock went further since it was last asked: the wall clock may be set,
 * and the monotonic one may stand still while the machine sleeps. It never goes back, and at worst is ahead.
 */
export function elapsedClock(wall: () => number, mono: () => number): () => number {
  let elapsed = 0;
  let lastWall = wall();
  let lastMono = mono();
  return () => {
    const nowWall = wall();
    const nowMono = mono();
    elapsed += Math.max(0, nowWall - lastWall, nowMono - lastMono);
    lastWall = nowWall;
    lastMono = nowMono;
    return elapsed;
  };
}
