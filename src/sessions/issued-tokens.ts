import type { SignedAccessToken } from '../tokens/access-tokens.js';
import type { DeviceToKeep } from '../tokens/device-tokens.js';

/** What a login or a refresh hands out. */
export interface IssuedTokens {
  userId: string;
  sessionId: string;
  accessToken: string;
  /** Life of the access token, in seconds. */
  expiresIn: number;
  /** The refresh token to keep from now on, or null: the one that was presented is still the current one. */
  refreshToken: RefreshTokenToKeep | null;
  /**
   * After a login: what the device keeps, also after a logout, and gives to its next login. No credential: it keeps
   * strangers' failures from locking this device out. Null where `cookies.device` is false; not there after a refresh.
   */
  device?: DeviceToKeep | null;
}

export interface RefreshTokenToKeep {
  token: string;
  /** When it and the session end, in milliseconds since the epoch. */
  expiresAt: number;
}

export function issuedTokens(
  session: { userId: string; sessionId: string },
  access: SignedAccessToken,
  refreshToken: RefreshTokenToKeep | null,
): IssuedTokens {
  const { userId, sessionId } = session;
  return {
    userId,
    sessionId,
    accessToken: access.token,
    expiresIn: access.expiresIn,
    refreshToken,
  };
}
