import { setTimeout as pause } from 'node:timers/promises';
import { LONGEST_ANSWER_MS } from '../runtime/time-bounds.js';
import { errorCode } from './database-errors.js';

/** What a database says when two statements stood in each other's way, and it undid one of them. */
const CONFLICTS = new Set([
  '40001', // PostgreSQL: serialization failure
  '40P01', // PostgreSQL: deadlock
  'ER_LOCK_DEADLOCK', // MySQL 1213
  'ER_LOCK_WAIT_TIMEOUT', // MySQL 1205
]);

/** With the extended codes: SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED_SHAREDCACHE and so on. */
const SQLITE_IN_USE = /^SQLITE_(BUSY|LOCKED|PROTOCOL)(_|$)/;

const MOST_TRIES = 4;
/** Each of these closes a connection, so that a pool full of them is through with it. */
const MOST_CONNECTIONS = 20;
/** So that the error says what was waited for, and nothing is written that nobody waits for any more. */
const LONGEST_WAIT_MS = LONGEST_ANSWER_MS - 500;

/** A transaction that isn't ours is open on the connection. */
export class OpenTransactionError extends Error {
  override readonly name = 'OpenTransactionError';
}

/**
 * Runs a single statement again, a few times, if the database undid it in favour of another; not when nobody waits for
 * it any more, for what it was given to write says a time that has passed.
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
      const isInTime = performance.now() - startedAt < LONGEST_ANSWER_MS;
      if (!CONFLICTS.has(errorCode(error)) || tries >= MOST_TRIES || !isInTime) throw error;
      await pause(5 * tries + Math.random() * 10);
    }
  }
}

/**
 * Tries a statement until nobody else has the SQLite file to himself. SQLite's own waiting would stop the whole process
 * meanwhile; this lets every other request go on.
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
      // Jitter, so that those who wait don't all come back at once.
      await pause(Math.min(5 * tries, 50) * (0.5 + Math.random()));
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof OpenTransactionError || SQLITE_IN_USE.test(errorCode(error));
}
