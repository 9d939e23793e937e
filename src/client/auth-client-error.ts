/** The code for what is no answer of this server, such as a proxy's page. */
export const UNEXPECTED = 'unexpected_answer';

/** Why the server, or the way to it, refused. Carries no token and no password. */
export class AuthClientError extends Error {
  /**
   * The `code` of the server's answer (`invalid_credentials`, `too_many_attempts`, `store_unavailable` …);
   * `unreachable` when none came in time; `unexpected_answer` when it was not one of this server's.
   */
  declare readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  declare readonly status: number;
  /** Milliseconds after which to try again, where the answer says so (`Retry-After`); else 0. */
  declare readonly retryAfterMs: number;

  override readonly name = 'AuthClientError';

  /** @param cause the error, or the body of the answer */
  constructor(code: string, cause?: unknown, status = 0, message = code, retryAfterMs = 0) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The session is over: nothing but a new login helps. Not so where the server says to try again: the cookie was replaced. */
export function isFinal({ status, code, retryAfterMs }: AuthClientError): boolean {
  return status === 401 && !retryAfterMs && /^(refresh|session)_/.test(code);
}

/** Nothing was decided: the same request may succeed later. */
export function isTransient({ status, code, retryAfterMs }: AuthClientError): boolean {
  return (
    code === UNEXPECTED || retryAfterMs > 0 || /^(0|408|429|5..)$/.test(status as unknown as string)
  );
}
