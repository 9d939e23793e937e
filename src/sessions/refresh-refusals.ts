import { AuthError } from '../errors/auth-error.js';
import {
  refreshExpired,
  refreshInvalid,
  type PresentedRefreshToken,
} from '../tokens/refresh-tokens.js';
import type { SessionRow } from './refresh-token-store.js';
import type { Verdict } from './verdict.js';

/** Why a token gets nothing, by the verdict on it. */
export function refusal(
  verdict: Exclude<Verdict, 'rotated' | 'renewed' | 'replayed'>,
  row: SessionRow | null,
  token: PresentedRefreshToken,
  { now, leewayMs }: { now: number; leewayMs: number },
): AuthError {
  switch (verdict) {
    case 'revoked':
      // A refresh that a login overtook must not delete the cookie that the login set.
      return sessionRevoked({ keepCookies: row?.revokedReason === 'new_login' });
    case 'expired':
      return refreshExpired();
    case 'unknown':
      // What expired long ago was deleted; what is unknown before its time was never here.
      return now >= token.expiresAt + leewayMs ? refreshExpired() : refreshInvalid();
    case 'ahead':
      return refreshInvalid();
    case 'overtaken':
      return refreshOvertaken(now < row!.rotatedAt + leewayMs);
    case 'reused':
      return refreshReused();
  }
}

export function sessionRevoked({ keepCookies } = { keepCookies: false }): AuthError {
  return new AuthError('session_revoked', 'The session was ended. Log in again.', {
    sessionEnded: !keepCookies,
  });
}

/**
 * The cookie stays, because it may be the new one by now. Shortly after the renewal the new one may have been on its way
 * to the client when the client sent this one: the client is asked to try again.
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

/** The row changed between the UPDATE and the SELECT in a way no rotation makes, such as a restored backup. */
export function sessionChanging(): AuthError {
  return new AuthError('busy', 'The session is being changed. Try again.', { retryAfter: 1 });
}
