import { HttpException } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { storeUnavailable, type OutageSource } from '../errors/store-unavailable.js';
import { textOf } from '../errors/text-of.js';
import { LONGEST_RESPONSE_MS } from '../runtime/time-bounds.js';
import { withinTime } from '../runtime/time-limit.js';
import type { AuthEvents } from '../events/auth-events.js';

/** Makes a call that can fail or hang, and turns either into a 503 `store_unavailable` and an event. */
export type StoreCall = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * @param events receives every failure
 * @param source what is called
 * @returns a function that waits at most four seconds for a result. A later result is dropped; what the call did in the
 * database is repaired by the retry, as after any lost response, and the revocation feed still learns what it ended. An
 * `AuthError` below 500 is passed on; any other exception is a failure, whatever status it has.
 */
export function storeCall(
  events: { emit: (...event: Parameters<AuthEvents['emit']>) => unknown },
  source: OutageSource = 'session store',
): StoreCall {
  return async function callStore(call) {
    try {
      return await withinTime(call(), LONGEST_RESPONSE_MS);
    } catch (error) {
      if (error instanceof AuthError && error.getStatus() < 500) throw error;
      const failure = storeUnavailable(
        error instanceof HttpException ? (error.cause ?? error) : error,
        source,
      );
      events.emit({ type: 'store_unavailable', cause: textOf(failure.cause), source });
      throw failure;
    }
  };
}
