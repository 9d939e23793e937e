/** Where time comes from. Replaced only in tests. */
export interface Clock {
  /** Milliseconds since the epoch. A real clock may be set: it can jump ahead and go back. */
  now(): number;
  /** Milliseconds since some moment, by a clock that nobody sets. Without it, `now` is taken for such a clock. */
  elapsed?(): number;
}

export const CLOCK = Symbol('nestjs-refresh-auth clock');

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};

/** A clock of the app's, in whole milliseconds, as the columns have them: PostgreSQL takes no fraction for a bigint. */
export function inWholeMilliseconds(clock: Clock): Clock {
  return { now: () => Math.floor(clock.now()), elapsed: () => elapsedBy(clock) };
}

/** Measures how long something took, in whole milliseconds, whatever happens to the time of day meanwhile. */
export function elapsedBy(clock: Clock): number {
  return Math.floor(clock.elapsed?.() ?? clock.now());
}
