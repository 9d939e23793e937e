import { setTimeout as pause } from 'node:timers/promises';
import { QueryFailedError } from 'typeorm';
import { LONGEST_ANSWER_MS } from '../options/time-bounds.js';

/** What a database says when two statements stood in each other's way, and it undid one of them. */
const CONFLICTS = new Set([
  '40001', // PostgreSQL: serialization failure
  '40P01', // PostgreSQL: deadlock
  'ER_LOCK_DEADLOCK', // MySQL 1213
  'ER_LOCK_WAIT_TIMEOUT', // MySQL 1205
  'SQLITE_BUSY',
]);

const MOST_TRIES = 4;

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
      const isInTime = performance.now() - startedAt < LONGEST_ANSWER_MS;
      if (!isConflict(error) || tries === MOST_TRIES || !isInTime) throw error;
      await pause(5 * tries + Math.random() * 10);
    }
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: unknown };
  return typeof code === 'string' && CONFLICTS.has(code);
}
