import { pause } from '../options/pause.js';
import { LONGEST_ANSWER_MS } from '../options/time-bounds.js';
import type { AppTransactions } from './app-transactions.js';

/** A transaction of the app's stayed open for too long. */
export class StillOpenError extends Error {
  override readonly name = 'StillOpenError';
}

/** As long as a statement on the sessions waits for such a transaction. */
const LONGEST_WAIT_MS = LONGEST_ANSWER_MS - 500;
const STEP_MS = 20;

/**
 * Asks something while no transaction of the app's is open, waiting for the end of one, and again if one was opened
 * meanwhile.
 * @throws {StillOpenError} when that takes longer than 3.5 seconds
 */
export async function outsideTransactions<T>(
  transactions: AppTransactions,
  question: () => Promise<T>,
): Promise<T> {
  const begin = performance.now();
  while (performance.now() - begin < LONGEST_WAIT_MS) {
    if (!transactions.isOpen()) {
      const answer = await question();
      if (!transactions.isOpen()) return answer;
    }
    await pause(STEP_MS);
  }
  throw new StillOpenError(
    'A transaction of the app is open on the connection by which its users are read: it may undo what is there now.',
  );
}
