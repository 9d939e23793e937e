import { setTimeout as pause } from 'node:timers/promises';
import { LONGEST_RESPONSE_MS } from '../runtime/time-bounds.js';
import { errorCode } from './database-errors.js';

/** Error codes for two statements in conflict, when the database rolled one of them back. */
const CONFLICTS = new Set([
  '40001', // PostgreSQL: serialization failure
  '40P01', // PostgreSQL: deadlock
  'ER_LOCK_DEADLOCK', // MySQL 1213
  'ER_LOCK_WAIT_TIMEOUT', // MySQL 1205
]);

/** With the extended codes: SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED_SHAREDCACHE and so on. */
const SQLITE_IN_USE = /^SQLITE_(BUSY|LOCKED|PROTOCOL)(_|$)/;

const MOST_TRIES = 4;
/** Each retry closes a connection, so that a pool full of broken ones is emptied. */
const MOST_CONNECTIONS = 20;
/**
 * Shorter than the caller's limit, so that the error names what it waited for, and nothing is written after the caller
 * gave up.
 */
const LONGEST_WAIT_MS = LONGEST_RESPONSE_MS - 500;

/** Another party's transaction is open on the connection. */
export class OpenTransactionError extends Error {
  override readonly name = 'OpenTransactionError';
}

/**
 * Repeats a single statement a few times if the database rolled it back in favour of another. Not after the caller gave
 * up: the time that the statement would write is then outdated.
 */
export async function retryingConflicts<T>(statement: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await statement();
    } catch (error) {
      if (error instanceof OpenTransactionError) {
        if (tries >= MOST_CONNECTIONS) throw error;
        continue;
      }
      const isInTime = performance.now() - startedAt < LONGEST_RESPONSE_MS;
      if (!CONFLICTS.has(errorCode(error)) || tries >= MOST_TRIES || !isInTime) throw error;
      await pause(5 * tries + Math.random() * 10);
    }
  }
}

/**
 * Repeats a statement until nobody else has an exclusive lock on the SQLite file. SQLite's own wait would block the
 * whole process; this one lets other requests run.
 * @param attempt receives the milliseconds waited so far
 */
export async function whenFree<T>(attempt: (waitedMs: number) => Promise<T> | T): Promise<T> {
  const begin = performance.now();
  for (let tries = 1; ; tries += 1) {
    const waitedMs = performance.now() - begin;
    try {
      return await attempt(waitedMs);
    } catch (error) {
      if (!isInUse(error) || waitedMs >= LONGEST_WAIT_MS) throw error;
      // Random jitter, so that waiting calls don't all retry at the same moment.
      await pause(Math.min(5 * tries, 50) * (0.5 + Math.random()));
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof OpenTransactionError || SQLITE_IN_USE.test(errorCode(error));
}
