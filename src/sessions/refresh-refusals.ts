import { AuthError } from '../errors/auth-error.js';
import { refreshExpired, refreshInvalid } from '../tokens/refresh-tokens.js';
import type { SessionRow } from './refresh-token-store.js';
import type { Verdict } from './verdict.js';

/** The error for a token that is neither rotated, renewed nor replayed. */
export function refusal(
  verdict: Exclude<Verdict, 'rotated' | 'renewed' | 'replayed' | 'overtaken' | 'reused'>,
  row: SessionRow | null,
  isOutlived: boolean,
): AuthError {
  switch (verdict) {
    case 'revoked':
      // A refresh that was overtaken by a login must not delete the cookie that the login set.
      return sessionRevoked({ keepCookies: row?.revokedReason === 'new_login' });
    case 'expired':
      return refreshExpired();
    case 'unknown':
      // An expired session is deleted after a while; a session missing before its expiry never existed here.
      return isOutlived ? refreshExpired() : refreshInvalid();
    case 'ahead':
      return refreshInvalid();
  }
}

export function sessionRevoked({ keepCookies } = { keepCookies: false }): AuthError {
  return new AuthError('session_revoked', 'The session was ended. Log in again.', {
    sessionEnded: !keepCookies,
  });
}

/**
 * The cookie stays, because it may already be the new one. Shortly after a renewal, the new cookie may have been on its
 * way when the client sent this one: so the client is asked to retry.
 */
export function refreshOvertaken(isRecent: boolean): AuthError {
  const replaced = 'This refresh token was replaced when the password was changed.';
  return isRecent
    ? new AuthError('refresh_invalid', `${replaced} Try again with the new one.`, { retryAfter: 1 })
    : new AuthError('refresh_invalid', `${replaced} Log in again.`);
}

export function refreshReused(): AuthError {
  return new AuthError(
    'refresh_reused',
    'This refresh token was used before. In case it was stolen, the session is ended. Log in again.',
    { sessionEnded: true },
  );
}

/**
 * Between the UPDATE and reading the row, the row changed in a way that no rotation makes, as when a backup is
 * restored.
 */
export function sessionChanging(): AuthError {
  return new AuthError('busy', 'The session is being changed. Try again.', { retryAfter: 1 });
}
