import { setTimeout as pause } from 'node:timers/promises';
import { QueryFailedError } from 'typeorm';

/** What a database says when two statements stood in each other's way, and it undid one of them. */
const CONFLICTS = new Set([
  '40001', // PostgreSQL: serialization failure
  '40P01', // PostgreSQL: deadlock
  'ER_LOCK_DEADLOCK', // MySQL 1213
  'ER_LOCK_WAIT_TIMEOUT', // MySQL 1205
  'SQLITE_BUSY',
]);

const MOST_TRIES = 4;

/** Runs a single statement again, a few times, if the database undid it in favour of another. */
export async function retryingConflicts<T>(statement: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await statement();
    } catch (error) {
      if (!isConflict(error) || tries === MOST_TRIES) throw error;
      await pause(5 * tries + Math.random() * 10);
    }
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: unknown };
  return typeof code === 'string' && CONFLICTS.has(code);
}
