import { AuthError } from './auth-error.js';

/** Seconds a client is asked to wait after a failure of a store. */
const RETRY_AFTER_SECONDS = 1;

/** Who did not answer, as a client is told. */
export type Unanswering = 'session store' | 'user directory';

/** 503 `store_unavailable`: somebody did not answer; nothing was lost, the same request may be sent again. */
export function storeUnavailable(cause: unknown, who: Unanswering = 'session store'): AuthError {
  return new AuthError('store_unavailable', `The ${who} does not answer. Try again shortly.`, {
    cause,
    retryAfter: RETRY_AFTER_SECONDS,
  });
}
