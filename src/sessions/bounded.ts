import { HttpException } from '@nestjs/common';
import { storeUnavailable } from '../errors/store-unavailable.js';
import { withinTime } from '../options/time-limit.js';
import type { AuthEvents } from './auth-events.js';

/** Longest wait for one answer of a database: with it, an outage is a 503 within five seconds. */
const LONGEST_WAIT_MS = 4000;

/** Asks something that can fail or hang, and turns either into 503 `store_unavailable` and an event. */
export type Ask = <T>(question: () => Promise<T>, longestWaitMs?: number) => Promise<T>;

/**
 * @param events told of every failure
 * @returns a function that waits for an answer no longer than four seconds. An answer that comes later is dropped;
 * what it did in the database is repaired by the retry, as after any lost answer. Nest's `HttpException`s pass.
 */
export function boundedAsk(events: AuthEvents): Ask {
  return async (question, longestWaitMs = LONGEST_WAIT_MS) => {
    try {
      return await withinTime(question, longestWaitMs);
    } catch (error) {
      if (error instanceof HttpException && error.getStatus() < 500) throw error;
      const failure = storeUnavailable(error instanceof HttpException ? error.cause : error);
      events.emit({ type: 'store_unavailable', cause: String(failure.cause) });
      throw failure;
    }
  };
}
