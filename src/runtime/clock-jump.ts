/** A clock this near to its old or its right time counts as corrected: nobody sets a clock to the millisecond. */
const NEAR_MS = 5000;

/** The state of a clock. */
export interface ClockState {
  /** Milliseconds that the clock is ahead of the time elapsed since a fixed moment. */
  ownMs: number;
  /** Milliseconds that the clock is ahead of the shared time. */
  aheadMs: number;
}

/**
 * How far a clock is ahead of the shared time right after a jump: further by the size of the jump if the clock was set,
 * because then no time has passed. A jump back always means that it was set. A jump ahead means it only if it puts the
 * clock right, or back to where it was compared; any other is taken for time that passed: the machine slept, and the
 * monotonic clock doesn't count that.
 *
 * @param compared the clock's state when the database last agreed; null if it was never compared
 * @param isLost whether the database has disagreed since, so that it is unknown which time is right
 */
export function aheadAfterJump(
  jumpMs: number,
  before: ClockState,
  compared: ClockState | null,
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
