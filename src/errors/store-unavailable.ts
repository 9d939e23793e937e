import { AuthError } from './auth-error.js';

/** Seconds that a client should wait after a failure of a store. */
const RETRY_AFTER_SECONDS = 1;

/** What failed or did not respond: the store of the sessions, the `UserDirectory`, or the limiter that counts attempts. */
export type OutageSource = 'session store' | 'user directory' | 'limiter';

/** 503 `store_unavailable`: no response came; nothing was lost, the same request may be sent again. */
export function storeUnavailable(
  cause: unknown,
  who: OutageSource | 'schema of registration' = 'session store',
): AuthError {
  return new AuthError('store_unavailable', `The ${who} does not answer. Try again shortly.`, {
    cause,
    retryAfter: RETRY_AFTER_SECONDS,
  });
}
