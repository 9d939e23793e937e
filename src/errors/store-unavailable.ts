import { AuthError } from './auth-error.js';

/** Seconds a client is asked to wait after a failure of a store. */
const RETRY_AFTER_SECONDS = 1;

/** 503 `store_unavailable`: a database did not answer; nothing was lost, the same request may be sent again. */
export function storeUnavailable(cause: unknown): AuthError {
  return new AuthError(
    'store_unavailable',
    'The session store does not answer. Try again shortly.',
    {
      cause,
      retryAfter: RETRY_AFTER_SECONDS,
    },
  );
}
