/**
 * Every wait that somebody else's look-back has to cover, in one place, in milliseconds: what is looked at again must
 * reach further back than anything that may come late. `test/unit/runtime/time-bounds.test.ts` holds them to each other.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Longest wait for one answer of a database, a directory or a KMS. With it, an outage is a 503 within five seconds. */
export const LONGEST_ANSWER_MS = 4 * SECOND;

/** How long a write to a SQLite file gives way to a transaction of the app's, which it would make fail if that one only read so far. */
export const COURTESY_MS = SECOND;

/**
 * How long what is known of a user waits for the end of a transaction of the app's that may undo it: with the writes of
 * the session before and after, each with its courtesy, within the same five seconds.
 */
export const LONGEST_TRANSACTION_WAIT_MS = 2.5 * SECOND;

/** A clock that is further from the database's than this stops the boot. */
export const MOST_CLOCK_ERROR_MS = 29 * SECOND;

/**
 * How far the clocks of two instances may be apart: one may be ahead of the database, the other behind. They correct that
 * as soon as they have seen it; where they can't (a store of the app's own, a database that was down at boot), by so much
 * an access token may be of the future, and a device token younger than it says.
 */
export const MOST_CLOCKS_APART_MS = 2 * MOST_CLOCK_ERROR_MS;

/** How often, at the least, an instance compares its clock with the database's. */
export const COMPARE_CLOCKS_EVERY_MS = 30 * SECOND;

/** A clock that was set is compared with the database's once it has stood for so long. */
export const SETTLED_AFTER_MS = 10 * SECOND;

/** How far back each poll of the revocations looks: instances whose clock is behind, and statements under way. */
export const RECENT_MS = MOST_CLOCKS_APART_MS + LONGEST_ANSWER_MS;

/** How often, at the least, a poll reads every revocation that can still matter. */
export const FULL_LOOK_EVERY_MS = 30 * SECOND;

/**
 * By how much a revocation may be late and is still learned of: a statement that a lock held up and that was committed
 * after everybody had stopped waiting for it, a replica that is behind, a clock that was wrong for a few minutes.
 */
export const LATEST_MS = 15 * MINUTE;

/** After a jump of the clock, every poll is a full look for so long. */
export const UNSETTLED_MS = 5 * MINUTE;

/** How long a session that ended is kept at the least: its late presentations still get the code that fits. */
export const KEEP_ENDED_MS = 24 * 60 * MINUTE;

/** A clock that was set ahead is believed after so long, by what can't be undone. */
export const BELIEVED_AFTER_MS = 24 * 60 * MINUTE;

/** How often an instance that is sure of the time writes down how late it is. */
export const KEEP_TIME_EVERY_MS = 60 * MINUTE;

/**
 * An instance that starts is believed to be so much later than what was written down: no more than an ended session is
 * kept, so that even if it isn't, nothing alive is deleted.
 */
export const TRUSTED_BEYOND_MS = KEEP_ENDED_MS - MOST_CLOCKS_APART_MS;
