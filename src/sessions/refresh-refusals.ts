import { AuthError } from '../errors/auth-error.js';
import {
  refreshExpired,
  refreshInvalid,
  type PresentedRefreshToken,
} from '../tokens/refresh-tokens.js';
import type { SessionRow } from './refresh-token-store.js';
import type { Verdict } from './verdict.js';

/** The error for a token that gets nothing, by the verdict on it. */
export function refusal(
  verdict: Exclude<Verdict, 'rotated' | 'renewed' | 'replayed'>,
  row: SessionRow | null,
  token: PresentedRefreshToken,
  { now, leewayMs }: { now: number; leewayMs: number },
): AuthError {
  switch (verdict) {
    case 'revoked':
      // The cookie may be that of the login which ended this session, and was faster than this refresh.
      return sessionRevoked({ keepCookies: row?.revokedReason === 'new_login' });
    case 'expired':
      return refreshExpired();
    case 'unknown':
      // A session that expired long ago was deleted; one that should still be there never was.
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
 * The cookie stays, because it may be the new one by now. Shortly after the reissue, the new one may have been on its way
 * when the client sent this one: so the client is told to try again.
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

/** The row changed between the UPDATE and the SELECT in a way that no rotation does, for example by a restored backup. */
export function sessionChanging(): AuthError {
  return new AuthError('busy', 'The session is being changed. Try again.', { retryAfter: 1 });
}
