/** One session: the family of all refresh tokens since one login. Times are milliseconds since the epoch. */
export interface SessionRow {
  /** The session's id, `sid` in its tokens. */
  id: string;
  userId: string;
  /** SHA-256, hex, of the current refresh token's secret. */
  tokenHash: string;
  /** How often the session has rotated. */
  generation: number;
  createdAt: number;
  rotatedAt: number;
  expiresAt: number;
  absoluteExpiresAt: number;
  revokedAt: number | null;
  revokedReason: RevocationReason | null;
  ip: string | null;
  userAgent: string | null;
}

/** Why a session ended before its time. */
export type RevocationReason =
  | 'logout'
  | 'logout_all'
  | 'new_login'
  | 'revoked'
  | 'password_changed'
  | 'session_limit'
  | 'user_gone'
  | 'reuse'
  | 'everything';

/** One rotation: happens only if the row is exactly as the presented token says. */
export interface Rotation {
  id: string;
  userId: string;
  generation: number;
  tokenHash: string;
  absoluteExpiresAt: number;
  /** Rotates only a row whose last rotation is this old or older; null for any age. Generation 0 always rotates. */
  rotatedAtOrBefore: number | null;
  now: number;
  next: { tokenHash: string; expiresAt: number; ip: string | null; userAgent: string | null };
}

/** Sessions that had ended: how many one look found, and how many of those no other instance deleted first. */
export interface EndedSlice {
  found: number;
  deleted: number;
}

/** Which sessions a revocation ends. */
export type RevocationTarget =
  { id: string; userId?: string } | { userId: string; exceptId?: string } | 'everything';

/**
 * Where sessions are kept. Each method is one atomic statement; none opens a transaction.
 * A failure is thrown as it is; the module turns it into 503 `store_unavailable`.
 */
export interface RefreshTokenStore {
  insert(session: SessionRow): Promise<void>;
  /** True if the row was as the rotation says and is now one generation further. */
  rotate(rotation: Rotation): Promise<boolean>;
  find(id: string): Promise<SessionRow | null>;
  /** At most `limit` sessions of a user that are neither revoked nor expired, the latest first. */
  listActive(userId: string, now: number, limit: number): Promise<SessionRow[]>;
  /**
   * Revokes what isn't revoked yet; returns how many sessions that ended. An expired session is revoked too: a clock that
   * is wrong for a moment must not keep a session alive that was logged out. `revokedAt` becomes `now`, or `rotatedAt`
   * where that is later: a clock that is behind must not date a revocation before what it ends.
   */
  revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number>;
  /** Ids of all sessions revoked at or after a moment, however long ago they were used: a late response may have issued an access token since. */
  revokedSince(since: number): Promise<{ id: string; revokedAt: number }[]>;
  /** Deletes at most `limit` sessions that ended before `before`. */
  deleteEnded(before: number, limit: number): Promise<EndedSlice>;
}

export const REFRESH_TOKEN_STORE = Symbol('nestjs-refresh-auth refresh token store');
