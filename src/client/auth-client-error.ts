/** Code for a response that this server did not produce, such as a proxy's error page. */
export const UNEXPECTED = 'unexpected_answer';

/** The details of a failure, besides its code. */
export interface AuthClientErrorDetails {
  /** The error, or the response's body. */
  cause?: unknown;
  status?: number;
  message?: string | undefined;
  retryAfterMs?: number;
}

/** A refusal by the server, or a request that failed on the way. Carries no token and no password. */
export class AuthClientError extends Error {
  /**
   * The `code` in the server's response (`invalid_credentials`, `too_many_attempts`, `store_unavailable` …);
   * `unreachable` when no response came in time; `unexpected_answer` when another server, such as a proxy, responded.
   */
  declare readonly code: string;
  /** HTTP status; 0 when there was no response. */
  declare readonly status: number;
  /** Milliseconds to wait before a retry, from the `Retry-After` header; 0 when there is none. */
  declare readonly retryAfterMs: number;

  override readonly name = 'AuthClientError';

  constructor(code: string, details: AuthClientErrorDetails = {}) {
    super(details.message ?? code, details);
    this.code = code;
    this.status = details.status ?? 0;
    // NaN, too, which a missing or unreadable header gives.
    this.retryAfterMs = details.retryAfterMs || 0;
  }
}

/**
 * The session has ended: only a new login helps. With `Retry-After` it has not ended: the cookie was replaced, so a
 * retry helps.
 */
export function isFinal({ status, code, retryAfterMs }: AuthClientError): boolean {
  return status === 401 && !retryAfterMs && /^(refresh|session)_/.test(code);
}

/** Nothing was decided: the same request may succeed later. */
export function isTransient({ status, code, retryAfterMs }: AuthClientError): boolean {
  return (
    code === UNEXPECTED || retryAfterMs > 0 || /^(0|408|429|5..)$/.test(status as unknown as string)
  );
}
