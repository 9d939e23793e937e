import { HttpException } from '@nestjs/common';
import type { Charge } from './attempt-counter.js';

/**
 * Makes an attempt that was charged for, and settles the charges by its end.
 * One that comes to no result (busy, an outage) isn't a failed one.
 */
export async function refundUndecided<T>(
  charges: readonly Charge[],
  attempt: () => Promise<T>,
  isRight: (result: T) => boolean,
): Promise<T> {
  let result: T;
  try {
    result = await attempt();
  } catch (error) {
    const hasResult = error instanceof HttpException && error.getStatus() < 500;
    for (const charge of charges) {
      // What can't be given back now runs out by itself.
      await (hasResult ? charge.keep() : charge.giveBack()).catch(() => {});
    }
    throw error;
  }
  const endings = charges.map((charge) => (isRight(result) ? charge.forget() : charge.keep()));
  for (const ending of await Promise.allSettled(endings)) {
    if (ending.status === 'rejected') throw ending.reason;
  }
  return result;
}
