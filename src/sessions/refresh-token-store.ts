import type { RevocationReason } from '../events/revocation-reason.js';

/** One session: the family of all refresh tokens since one login. Times are milliseconds since the epoch. */
export interface SessionRow {
  /** The session's id, `sid` in its tokens. */
  id: string;
  userId: string;
  /** SHA-256, hex, of the current refresh token's secret. */
  tokenHash: string;
  /**
   * How often the session has rotated. After a change of password the module goes on with the next multiple of 2^20. A
   * store writes it as it is, up to 2^31 - 1.
   */
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

/** One rotation. It happens only if the row is exactly as the presented token says. */
export interface Rotation {
  id: string;
  userId: string;
  generation: number;
  tokenHash: string;
  absoluteExpiresAt: number;
  /** The row rotates only if its last rotation was at this time or earlier; null for any time. Generation 0 always rotates. */
  rotatedAtOrBefore: number | null;
  now: number;
  /** What the row says afterwards. `generation` may be more than one higher: it is written as it is. */
  next: {
    generation: number;
    tokenHash: string;
    expiresAt: number;
    ip: string | null;
    userAgent: string | null;
  };
}

/** Ended sessions: how many one query found, and how many of those this call deleted. */
export interface EndedSlice {
  found: number;
  deleted: number;
}

/** Which sessions a revocation ends: one, those of a user, or all. Only the first of the two objects has an `id`. */
export type RevocationTarget =
  { id: string; userId?: string } | { userId: string; exceptId?: string } | 'everything';

/**
 * Stores sessions. `insert`, `rotate` and `revoke` happen in one step, and `listActive` reads in one step: no other call
 * sees or changes anything in between. One SQL statement, one transaction and one Lua script of Redis are one step.
 * `deleteEnded` may find first and delete then, because a session that has ended stays so. A store throws its errors as
 * they are; the module turns them into 503 `store_unavailable`.
 *
 * Each line that begins with a dash is a promise that the module relies on, and a case of `refreshTokenStoreConformance`
 * in `nestjs-refresh-auth/testing`. For all methods:
 * - Every value comes back as the type that it was given as: a number as a number, a text as a text, null as null.
 * - Session ids are compared exactly, and an id that no session has is no error.
 * - User ids are compared exactly: case, accents, width, spaces and Unicode form count, and none is read as a number.
 * - What one call wrote, every later call reads.
 * - What one instance of the store wrote, every other instance reads.
 * - The time is what the caller says: no method reads a clock.
 * - A store doesn't change the objects that it receives, and keeps none that a caller could change later.
 *
 * The module passes ids of 1 to 255 characters (a session's has 32 hex digits), and whole numbers.
 */
export interface RefreshTokenStore {
  /**
   * Stores a new session.
   * - Stores every field as it is, including null and the empty text.
   * - Rejects an id that is taken, and leaves the session with that id unchanged.
   * - Of several inserts of one id at once, exactly one succeeds.
   * - Shows the session in full or not at all: whoever finds it can list it, rotate it and revoke it.
   */
  insert(session: SessionRow): Promise<void>;

  /**
   * Rotates a session; false if it may not rotate. Checks and writes in one statement: a store that reads first and writes
   * afterwards lets two requests win.
   * - Rotates a row of exactly this id, user id, generation, token hash and absolute expiry, and no other.
   * - Never rotates a revoked session, whatever the moment it was revoked at.
   * - Never rotates an expired session: `expiresAt` has to be later than `now`.
   * - Waits for the leeway: the row's `rotatedAt` has to be at or before `rotatedAtOrBefore`.
   * - Rotates generation 0 at once, whatever `rotatedAtOrBefore` says.
   * - Rotates a row of any age if `rotatedAtOrBefore` is null.
   * - Rotates exactly where the module's own verdict on the row is `rotated`.
   * - Writes `next` as it is, null included, and `now` as `rotatedAt`, and nothing else.
   * - Has written before it returns true: the same rotation again returns false, and the row holds the successor.
   * - Of several rotations of one generation at once, exactly one wins, and the row is the winner's.
   * - Beside a revocation it may win or lose, but afterwards the session is revoked, and no rotation wins again.
   */
  rotate(rotation: Rotation): Promise<boolean>;

  /**
   * One session, whether or not it has ended. No session expires in the store: it is found until `deleteEnded` deletes it.
   * - Returns the session of this id with all its fields, or null.
   */
  find(id: string): Promise<SessionRow | null>;

  /**
   * The live sessions of a user.
   * - Lists the sessions of this user and of no other user.
   * - Lists no revoked session and no expired one: `expiresAt` has to be later than `now`.
   * - Lists the latest `createdAt` first, and sessions of one moment in the same order every time.
   * - Lists at most `limit` sessions: the first in that order.
   * - Lists what there was at one moment: of the sessions that one revocation ends all or none, and each in full.
   */
  listActive(userId: string, now: number, limit: number): Promise<SessionRow[]>;

  /**
   * Ends sessions. The clock of the caller may be wrong for a moment. So an expired session is revoked too: it could be
   * live again when the clock is right. And no revocation is dated before the last rotation of the session that it ends.
   * - Revokes the session of the target's `id`; if a `userId` is given, only if it is that user's.
   * - Revokes all sessions of the target's `userId`, however many, and nobody else's.
   * - Spares the session of `exceptId`; spares none if `exceptId` is no session of the user.
   * - Revokes every session of everybody for the target `everything`.
   * - Writes `now` as `revokedAt` and the reason, and nothing else.
   * - Dates no revocation before the row's last rotation: `revokedAt` is `rotatedAt` if that is later than `now`.
   * - Revokes expired sessions too.
   * - Does not change `revokedAt` and `revokedReason` of a session that is revoked already.
   * - Returns how many sessions it revoked; of several revocations at once each session counts for exactly one.
   * - Undoes no insert and no rotation that happens at the same time.
   * - Is visible to others in full or not at all.
   * - Revokes what was inserted before it takes effect: no new login is seen alive beside the sessions it ends.
   *
   * On the last line: in a database that works with snapshots, such as PostgreSQL, a login in the same millisecond may
   * rarely be missed, and so may a login during a revocation of `everything`, which reads all sessions. A store that first
   * reads which sessions there are, and ends those in a second step, misses it regularly.
   */
  revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number>;

  /**
   * The sessions that were revoked lately; the revocation feed polls it.
   * - Returns the id and `revokedAt` of every session revoked at or after `since`, however many, each once.
   * - Returns no session that was revoked earlier, and none that isn't revoked.
   * - Returns them however long ago they were created, used or expired: a late response may have issued a token since.
   * - Returns the same to every caller, as often as it is called.
   */
  revokedSince(since: number): Promise<{ id: string; revokedAt: number }[]>;

  /**
   * Deletes ended sessions; nothing else deletes any. The store chooses which go first; the caller calls again while
   * `found` is `limit`.
   * - Deletes sessions whose `absoluteExpiresAt` or `revokedAt` is earlier than `before`, and no other.
   * - Deletes at most `limit` sessions, and returns how many it found and how many it deleted.
   * - Finds fewer than `limit` only where it leaves none behind.
   * - Of several calls at once each session counts as deleted for exactly one.
   * - Leaves nothing of a session that it deletes: no other call of the same moment brings a part of it back.
   */
  deleteEnded(before: number, limit: number): Promise<EndedSlice>;

  /**
   * Called after everything was revoked: devices that were registered before `now` are no longer known. A store has this
   * method and the next, or neither. Without them the module issues no device tokens.
   * - Is returned by `devicesForgottenAt` to every later caller.
   * - Never moves back: a moment before the stored one changes nothing.
   */
  forgetDevices?(now: number): Promise<void>;

  /**
   * The moment before which no registered device is known.
   * - Returns the latest moment that `forgetDevices` received, or null if there was none.
   */
  devicesForgottenAt?(): Promise<number | null>;

  /**
   * Stores the current time, for the purge: an instance that starts with a clock far ahead must not delete everybody's
   * sessions. It is called when an instance starts, and then every hour. A store has this method and the next, or neither.
   * Without them an instance trusts the clock that it starts with.
   * - Replaces the stored moment, whether that was earlier or later.
   */
  keepTime?(moment: number): Promise<void>;

  /**
   * The time that an instance compares its clock with when it starts; null if none was stored. In a database that has
   * sessions from before the store had this method, better return when the latest of them was created than null.
   * - Returns the moment that `keepTime` received last, whatever happened to the sessions since.
   */
  keptTime?(): Promise<number | null>;
}

/** The token of the port: a {@link RefreshTokenStore}. */
export const REFRESH_TOKEN_STORE = 'nestjs-refresh-auth:REFRESH_TOKEN_STORE';
