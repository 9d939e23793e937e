/** A clock that is so near where it was, or should be, is taken for set right: nobody sets it to the millisecond. */
const NEAR_MS = 5000;

/** How a clock stands. */
export interface Standing {
  /** Milliseconds that it is ahead of the time that has passed since some moment. */
  ownMs: number;
  /** Milliseconds that it is ahead of the shared time. */
  aheadMs: number;
}

/**
 * By how much a clock is ahead of the shared time, right after it jumped: as much more as it jumped, where it was set, for
 * then no time has passed. A jump back is always that. A jump ahead is that where it puts the clock right, or back to
 * where it was compared; any other is believed to be time that has passed: the machine slept, and what tells how much
 * time has passed doesn't count that.
 *
 * @param compared how the clock stood when the database last agreed; null where it never was asked
 * @param isLost whether the database has disagreed since, so that nobody knows which time is right
 */
export function aheadAfterJump(
  jumpMs: number,
  before: Standing,
  compared: Standing | null,
  isLost: boolean,
): number {
  if (compared === null) return before.aheadMs;
  const ownMs = before.ownMs + jumpMs;
  if (isNear(ownMs, compared.ownMs) && !isNear(before.ownMs, compared.ownMs)) {
    return compared.aheadMs + ownMs - compared.ownMs;
  }
  const carried = before.aheadMs + jumpMs;
  if (jumpMs < 0) return isLost ? before.aheadMs : carried;
  const isSetRight = isNear(carried, 0) && Math.abs(carried) < Math.abs(before.aheadMs);
  return isSetRight ? carried : before.aheadMs;
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= NEAR_MS;
}
