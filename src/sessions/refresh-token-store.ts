import type { RevocationReason } from '../events/revocation-reason.js';

/** One session: the family of all refresh tokens since one login. Times are milliseconds since the epoch. */
export interface SessionRow {
  /** The session's id, `sid` in its tokens. */
  id: string;
  userId: string;
  /** SHA-256, hex, of the current refresh token's secret. */
  tokenHash: string;
  /** How often the session has rotated; a renewal goes on with the next multiple of 2^20. */
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
  /** What the row says afterwards. `generation` is one more than before, or many more: it is written as it is. */
  next: {
    generation: number;
    tokenHash: string;
    expiresAt: number;
    ip: string | null;
    userAgent: string | null;
  };
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
 *
 * Each line that begins with a dash is a promise that the module relies on, and a case of `refreshTokenStoreConformance`
 * in `nestjs-refresh-auth/testing`. For all methods:
 * - Session ids are compared exactly, and an id that no session has is no error.
 * - User ids are compared exactly: case, accents, width, spaces and Unicode form count, and none is read as a number.
 * - What one call wrote, every later call reads, by whatever instance of the store.
 * - Time is what the caller says: no method looks at a clock of its own.
 * - A store doesn't change the objects that it receives, and keeps none that a caller could change later.
 *
 * The module gives ids of 1 to 255 characters (a session's: 32 hex digits), and whole numbers.
 */
export interface RefreshTokenStore {
  /**
   * Keeps a new session.
   * - Stores every field as it is, null and the empty text included.
   * - Rejects an id that is taken, and leaves the session that has it as it is.
   * - Of several inserts of one id at once, exactly one succeeds.
   */
  insert(session: SessionRow): Promise<void>;

  /**
   * True if the row was as the rotation says and is now as `next` says.
   * - Rotates a row of exactly this id, user id, generation, token hash and absolute expiry, and no other.
   * - Never rotates a revoked session, whatever the moment it was revoked at.
   * - Never rotates an expired session: `expiresAt` has to be later than `now`.
   * - Waits for the leeway: the row's `rotatedAt` has to be at or before `rotatedAtOrBefore`.
   * - Rotates generation 0 at once, whatever `rotatedAtOrBefore` says.
   * - Rotates a row of any age where `rotatedAtOrBefore` is null.
   * - Rotates exactly where the module's own verdict on the row is `rotated`.
   * - Writes `next`, with the generation that it says, and `now` as `rotatedAt`, null included, and nothing else.
   * - Has written before it says true: the same rotation once more is false, and the row holds the successor.
   * - Of several rotations of one generation at once, exactly one wins, and the row is the winner's.
   * - Beside a revocation it may win or lose, but the session is revoked afterwards, and no rotation wins again.
   */
  rotate(rotation: Rotation): Promise<boolean>;

  /**
   * One session, whether or not it has ended.
   * - Returns the session of this id with all its fields, or null.
   */
  find(id: string): Promise<SessionRow | null>;

  /**
   * The sessions that a user could go on with.
   * - Lists the sessions of this user and of nobody else.
   * - Lists no revoked session and no expired one: `expiresAt` has to be later than `now`.
   * - Lists the latest `createdAt` first, and sessions of one moment in the same order every time.
   * - Lists at most `limit` sessions: the first in that order.
   */
  listActive(userId: string, now: number, limit: number): Promise<SessionRow[]>;

  /**
   * Ends sessions before their time. A clock that is wrong for a moment must not keep a session alive that was logged
   * out, and so an expired session is revoked too; nor may it date a revocation before what that ends.
   * - Revokes the session of the target's `id`, but where a `userId` is given only if it is that user's.
   * - Revokes all sessions of the target's `userId`, however many, and nobody else's.
   * - Spares the session of `exceptId`, and none where `exceptId` is no session of the user.
   * - Revokes every session of everybody for the target `everything`.
   * - Writes `now` as `revokedAt` and the reason, and nothing else.
   * - Dates no revocation before the row's last rotation: `revokedAt` is `rotatedAt` where that is later than `now`.
   * - Revokes expired sessions too.
   * - Leaves a revoked session its moment and its reason.
   * - Returns how many sessions it revoked; of several revocations at once each session counts for exactly one.
   * - Undoes no insert and no rotation of the same moment.
   * - Shows to others in full or not at all.
   * - Revokes what was put in before it took effect: no login is seen beside the sessions it ends and left alive.
   *
   * On the last line: with a database of snapshots, such as PostgreSQL, a login in the same millisecond may slip through
   * once in a while, and one beside `everything` while that looks through all sessions. A store that reads which sessions
   * there are and ends those a step later misses it as a rule.
   */
  revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number>;

  /**
   * What the revocation feed reads.
   * - Returns the id and `revokedAt` of every session revoked at or after `since`, however many, each once.
   * - Returns none that was revoked earlier, and none that isn't revoked.
   * - Returns them however long ago they were created, used or expired: a late response may have issued a token since.
   * - Returns the same again to whoever asks again.
   */
  revokedSince(since: number): Promise<{ id: string; revokedAt: number }[]>;

  /**
   * Makes room. Which sessions go first is for the store to choose; callers ask again while `found` is `limit`.
   * - Deletes sessions whose `absoluteExpiresAt` or `revokedAt` is earlier than `before`, and no other.
   * - Deletes at most `limit` sessions, and returns how many it found and deleted.
   * - Finds fewer than `limit` only where it leaves none behind.
   * - Of several calls at once each session counts as deleted for exactly one.
   */
  deleteEnded(before: number, limit: number): Promise<EndedSlice>;

  /**
   * After everything was revoked: devices that were known until now are known no longer. A store has this method and the
   * next, or neither; without them the module issues no device tokens.
   * - Is told to whoever asks later, however long.
   * - Never moves back: a moment before the one that is kept changes nothing.
   */
  forgetDevices?(now: number): Promise<void>;

  /**
   * What decides whether a device is known.
   * - Returns the latest moment that `forgetDevices` was given, or null where there was none.
   */
  devicesForgottenAt?(): Promise<number | null>;

  /**
   * Keeps how late it is, for the purge: an instance that starts with a clock far ahead must not delete everybody's
   * sessions. A store has this method and the next, or neither; without them the clock is believed that an instance starts
   * with.
   * - Replaces the moment that was kept before, be it earlier or later.
   */
  keepTime?(moment: number): Promise<void>;

  /**
   * What an instance that starts compares its clock with. Where nothing was kept yet, a store that has sessions may return
   * when the latest was created.
   * - Returns the moment that `keepTime` was given last, whatever happened to the sessions since.
   */
  keptTime?(): Promise<number | null>;
}

/** The token of the port: a {@link RefreshTokenStore}. */
export const REFRESH_TOKEN_STORE = Symbol('nestjs-refresh-auth refresh token store');
