import type { DeviceToKeep } from '../tokens/device-tokens.js';

/** The result of a login or a refresh. */
export interface IssuedTokens {
  userId: string;
  sessionId: string;
  accessToken: string;
  /** Lifetime of the access token, in seconds. */
  expiresIn: number;
  /** The refresh token to keep from now on, or null: the presented one is still current. */
  refreshToken: RefreshTokenToKeep | null;
  /**
   * After a login: a token for the device to keep, also after a logout, and to send with its next login. It is no
   * credential: it stops strangers' failed logins from locking this device out. Null if `cookies.device` is false;
   * absent after a refresh.
   */
  device?: DeviceToKeep | null;
}

export interface RefreshTokenToKeep {
  token: string;
  /** When the token and the session end, in milliseconds since the epoch. */
  expiresAt: number;
}
