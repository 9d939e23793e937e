/** Why the server, or the way to it, refused. Carries no token and no password. */
export class AuthClientError extends Error {
  override readonly name = 'AuthClientError';

  constructor(
    /**
     * The `code` of the server's answer (`invalid_credentials`, `too_many_attempts`, `store_unavailable` …);
     * `unreachable` when none came in time; `unexpected_answer` when it was not one of this server's.
     */
    readonly code: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status = 0,
    message = code,
    /** Milliseconds after which to try again, where the answer says so (`Retry-After`); else 0. */
    readonly retryAfterMs = 0,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

const FINAL = /^(session_revoked|refresh_(missing|invalid|expired|reused))$/;

/** The session is over: nothing but a new login helps. */
export function isFinal({ status, code }: AuthClientError): boolean {
  return status === 401 && FINAL.test(code);
}

/** Nothing was decided: the same request may succeed later. */
export function isTransient({ status, code }: AuthClientError): boolean {
  return /^un/.test(code) || status === 408 || status === 429 || status >= 500;
}
