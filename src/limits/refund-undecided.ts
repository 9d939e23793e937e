import { HttpException } from '@nestjs/common';
import type { Charge } from './attempt-counter.js';

/**
 * Runs a charged attempt and settles its charges when it ends. An attempt without a result (busy, an outage) is
 * refunded, because it did not fail.
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
      // A charge that can't be refunded now expires by itself.
      await (hasResult ? charge.keep() : charge.refund()).catch(() => {});
    }
    throw error;
  }
  const endings = charges.map((charge) => (isRight(result) ? charge.forget() : charge.keep()));
  for (const ending of await Promise.allSettled(endings)) {
    if (ending.status === 'rejected') throw ending.reason;
  }
  return result;
}
