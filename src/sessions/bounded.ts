import { HttpException } from '@nestjs/common';
import { storeUnavailable } from '../errors/store-unavailable.js';
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
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`No answer within ${longestWaitMs} ms.`));
      }, longestWaitMs);
    });
    try {
      return await Promise.race([question(), tooLate]);
    } catch (error) {
      if (error instanceof HttpException && error.getStatus() < 500) throw error;
      const failure = storeUnavailable(error instanceof HttpException ? error.cause : error);
      events.emit({ type: 'store_unavailable', cause: String(failure.cause) });
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  };
}
