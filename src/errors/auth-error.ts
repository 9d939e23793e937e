import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** The HTTP status of every error code. The codes are part of the wire contract: they never change. */
const STATUS_OF = {
  invalid_request: 400,
  invalid_credentials: 401,
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  session_revoked: 401,
  refresh_missing: 401,
  refresh_invalid: 401,
  refresh_expired: 401,
  refresh_reused: 401,
  csrf_rejected: 403,
  insufficient_role: 403,
  session_not_found: 404,
  username_taken: 409,
  too_many_attempts: 429,
  misconfigured: 500,
  store_unavailable: 503,
  busy: 503,
} as const;

/** The most seconds that clients understand in a header (RFC 9111 §1.2.2). */
const MOST_SECONDS = 2 ** 31 - 1;

/** A stable, machine-readable name of the error. */
export type AuthErrorCode = keyof typeof STATUS_OF;

export interface AuthErrorDetails {
  /** The cause. Logged, never sent. */
  cause?: unknown;
  /** Seconds after which the client may try again: sent as `Retry-After`. */
  retryAfter?: number;
  /** The session has certainly ended, so its cookies must be cleared. */
  sessionEnded?: boolean;
  /** The user and session of the genuine token that was refused: for events, never sent. */
  subject?: { userId: string; sessionId: string };
}

/**
 * An error sent to the client: Nest's usual body plus a stable `code`. No message contains a token, a secret or a hash.
 */
export class AuthError extends HttpException {
  readonly code: AuthErrorCode;
  readonly retryAfter: number | undefined;
  readonly sessionEnded: boolean;
  /** The user and session of the genuine token that was refused, if any. Never sent. */
  readonly subject: { readonly userId: string; readonly sessionId: string } | undefined;

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    const statusCode = STATUS_OF[code];
    super({ statusCode, error: STATUS_CODES[statusCode], message, code }, statusCode, {
      cause: details.cause,
    });
    this.code = code;
    this.message = message;
    this.retryAfter = wholeSeconds(details.retryAfter);
    this.sessionEnded = details.sessionEnded ?? false;
    this.subject = details.subject;
  }
}

/** Whole seconds, as `Retry-After` needs (RFC 9110); a value that can't be sent is left out. */
function wholeSeconds(seconds: number | undefined): number | undefined {
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(0, Math.ceil(seconds!)), MOST_SECONDS);
}
