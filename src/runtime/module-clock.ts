import { inWholeMilliseconds, systemClock, type Clock } from './clock.js';
import { SharedClock } from './shared-clock.js';
import { LONGEST_RESPONSE_MS, MOST_CLOCK_ERROR_MS } from './time-bounds.js';
import { withinTime } from './time-limit.js';

/** The clock that every part goes by, and how it is compared with the clock of the sessions' database. */
export interface ModuleClock {
  clock: Clock;
  /** Corrects the clock by the database's from time to time. Undefined where there is nothing to compare. */
  keepUp?: () => Promise<void>;
  /** Whether the database's clock says the same. Undefined where there is nothing to compare. */
  agrees?: () => Promise<boolean>;
}

/** The token of {@link ModuleClock}'s clock. The port is `CLOCK`: what this one is made of. */
export const MODULE_CLOCK = 'nestjs-refresh-auth:MODULE_CLOCK';

/**
 * The system's clock is corrected by the database's. Any other belongs to the app, and is only rounded.
 * @param databaseTime the database's time in milliseconds since the epoch; null if it has no clock of its own
 */
export function moduleClock(
  given: Clock,
  databaseTime?: () => Promise<number | null>,
): ModuleClock {
  if (given !== systemClock) return { clock: inWholeMilliseconds(given) };
  const clock = new SharedClock(systemClock);
  if (databaseTime === undefined) return { clock };
  const query = async () => withinTime(databaseTime(), LONGEST_RESPONSE_MS);
  return {
    clock,
    keepUp: () => clock.keepUp(query),
    agrees: async () => {
      const time = await query();
      return time !== null && Math.abs(clock.now() - time) <= MOST_CLOCK_ERROR_MS;
    },
  };
}
