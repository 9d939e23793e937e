import { pause } from '../runtime/pause.js';
import { LONGEST_TRANSACTION_WAIT_MS } from '../runtime/time-bounds.js';
import type { AppTransactions } from './app-transactions.js';

/** A transaction of the app stayed open too long. */
export class StillOpenError extends Error {
  override readonly name = 'StillOpenError';
}

const STEP_MS = 20;

/**
 * Runs a query while no app transaction can roll anything back. Waits for an open one to end, and runs the query again
 * if one wrote or was rolled back meanwhile.
 * @throws {StillOpenError} if that takes longer than 2.5 seconds
 */
export async function outsideTransactions<T>(
  transactions: AppTransactions,
  query: () => Promise<T>,
): Promise<T> {
  const begin = performance.now();
  while (performance.now() - begin < LONGEST_TRANSACTION_WAIT_MS) {
    if (!transactions.mayUndo()) {
      const undone = transactions.undone();
      const result = await query();
      if (!transactions.mayUndo() && transactions.undone() === undone) return result;
    }
    await pause(STEP_MS);
  }
  throw new StillOpenError(
    'A transaction of the app is open that has written on the connection by which its users are read: it may undo what is there now.',
  );
}
