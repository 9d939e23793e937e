import { pause } from '../runtime/pause.js';
import { LONGEST_TRANSACTION_WAIT_MS } from '../runtime/time-bounds.js';
import type { AppTransactions } from './app-transactions.js';

/** A transaction of the app's stayed open for too long. */
export class StillOpenError extends Error {
  override readonly name = 'StillOpenError';
}

const STEP_MS = 20;

/**
 * Asks something while no transaction of the app's may undo anything, waiting for the end of one that may, and again if
 * one wrote meanwhile, or was undone.
 * @throws {StillOpenError} when that takes longer than 2.5 seconds
 */
export async function outsideTransactions<T>(
  transactions: AppTransactions,
  question: () => Promise<T>,
): Promise<T> {
  const begin = performance.now();
  while (performance.now() - begin < LONGEST_TRANSACTION_WAIT_MS) {
    if (!transactions.mayUndo()) {
      const undone = transactions.undone();
      const answer = await question();
      if (!transactions.mayUndo() && transactions.undone() === undone) return answer;
    }
    await pause(STEP_MS);
  }
  throw new StillOpenError(
    'A transaction of the app is open that has written on the connection by which its users are read: it may undo what is there now.',
  );
}
