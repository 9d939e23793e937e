/**
 * Waits and delays in one place, in milliseconds. Code that reads what happened in the past must read further back than
 * anything can arrive late. `test/unit/runtime/time-bounds.test.ts` checks that they fit together.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * Longest wait for one response of a database, a directory or a KMS. It keeps a 503 in an outage within five seconds.
 */
export const LONGEST_RESPONSE_MS = 4 * SECOND;

/**
 * How long a write to a SQLite file waits for a transaction of the app, because the write would make that transaction
 * fail if it has only read so far.
 */
export const COURTESY_MS = SECOND;

/**
 * Longest wait for the end of an app transaction that may still roll a user's data back. Together with the session's
 * writes before and after it, each with its courtesy wait, it stays within the same five seconds.
 */
export const LONGEST_TRANSACTION_WAIT_MS = 2.5 * SECOND;

/** A clock that differs from the database's by more than this stops the boot. */
export const MOST_CLOCK_ERROR_MS = 29 * SECOND;

/**
 * How far the clocks of two instances may differ: one may be ahead of the database, the other behind. They correct it
 * once they have measured it. If they can't (a custom store, a database that was down at boot), an access token may be
 * this far in the future, and a device token may have been issued this much later than its time.
 */
export const MOST_CLOCKS_APART_MS = 2 * MOST_CLOCK_ERROR_MS;

/** An instance compares its clock with the database's at least this often. */
export const COMPARE_CLOCKS_EVERY_MS = 30 * SECOND;

/** After a clock was set, it is compared with the database's once the new time has lasted this long. */
export const SETTLED_AFTER_MS = 10 * SECOND;

/** How far back each poll for revocations reads, to cover instances whose clock is behind, and running statements. */
export const RECENT_MS = MOST_CLOCKS_APART_MS + LONGEST_RESPONSE_MS;

/** A poll reads every revocation that can still matter at least this often. */
export const FULL_POLL_EVERY_MS = 30 * SECOND;

/**
 * A revocation may appear this late and is still noticed: for example a statement that waited for a lock and was
 * committed after its callers had stopped waiting, a replica that is behind, a clock that was wrong for a few minutes.
 */
export const LATEST_MS = 15 * MINUTE;

/** After a jump of the clock, every poll is a full one for this long. */
export const UNSETTLED_MS = 5 * MINUTE;

/** Shortest time that an ended session is kept, so that late uses of its token still get the right error code. */
export const KEEP_ENDED_MS = 24 * 60 * MINUTE;

/** A clock that was set ahead is trusted after this long for decisions that can't be undone. */
export const TRUSTED_AFTER_MS = 24 * 60 * MINUTE;

/** An instance that is sure of the time stores it this often. */
export const KEEP_TIME_EVERY_MS = 60 * MINUTE;

/**
 * An instance that starts may be this much later than the stored time. It is no more than an ended session is kept, so
 * even if the clock is wrong, no live session is deleted.
 */
export const TRUSTED_BEYOND_MS = KEEP_ENDED_MS - MOST_CLOCKS_APART_MS;
