/** The source of time. Only tests replace it. */
export interface Clock {
  /** Milliseconds since the epoch. A real clock may be set: it can jump ahead and go back. */
  now(): number;
  /**
   * Milliseconds since a fixed moment, by a clock that is never set. Without it, `now` is assumed to be such a clock.
   */
  elapsed?(): number;
}

/** The token of the port: a {@link Clock}. */
export const CLOCK = 'nestjs-refresh-auth:CLOCK';

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};

/** The app's clock in whole milliseconds, as the columns store them: PostgreSQL accepts no fraction for a bigint. */
export function inWholeMilliseconds(clock: Clock): Clock {
  return { now: () => Math.floor(clock.now()), elapsed: () => elapsedBy(clock) };
}

/** The elapsed time in whole milliseconds, unaffected by changes of the time of day. */
export function elapsedBy(clock: Clock): number {
  return Math.floor(clock.elapsed?.() ?? clock.now());
}
