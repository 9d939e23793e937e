import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import type { Charge } from '../../../src/limits/attempt-counter.js';
import { refundUndecided } from '../../../src/limits/refund-undecided.js';

/** Charges that note how they end; one may fail to. */
function twoCharges(failing?: keyof Charge) {
  const ended: string[] = [];
  const charge = (name: string): Charge => {
    const end = (how: keyof Charge) => async () => {
      ended.push(`${name} ${how}`);
      if (how === failing && name === 'first') throw new Error('the store is down');
    };
    return { forget: end('forget'), keep: end('keep'), refund: end('refund') };
  };
  return { ended, charges: [charge('first'), charge('second')] };
}
const isRight = (result: string) => result === 'right';

describe('a charged attempt', () => {
  it.each([
    ['right', ['first forget', 'second forget']],
    ['wrong', ['first keep', 'second keep']],
  ])('that is %s settles all its charges', async (result, settled) => {
    const { ended, charges } = twoCharges();
    await expect(refundUndecided(charges, async () => result, isRight)).resolves.toBe(result);
    expect(ended).toEqual(settled);
  });

  it.each([
    ['with 403', new HttpException('not now', 403), 'keep'],
    ['with 499', new HttpException('not now', 499), 'keep'],
    ['with 500', new HttpException('broken', 500), 'refund'],
    ['with 503', new HttpException('busy', 503), 'refund'],
    ['with another error', new Error('gone'), 'refund'],
  ])('that ends %s passes it on, settled', async (_how, error, settled) => {
    const { ended, charges } = twoCharges();
    const attempt = () => refundUndecided(charges, () => Promise.reject(error), isRight);
    await expect(attempt()).rejects.toBe(error);
    expect(ended).toEqual([`first ${settled}`, `second ${settled}`]);
  });

  it.each(['keep', 'refund'] as const)(
    'that ends with an error ends with that one, also if %s fails',
    async (how) => {
      const error = new HttpException('no', how === 'keep' ? 401 : 503);
      const { ended, charges } = twoCharges(how);
      const attempt = () => refundUndecided(charges, () => Promise.reject(error), isRight);
      await expect(attempt()).rejects.toBe(error);
      expect(ended).toEqual([`first ${how}`, `second ${how}`]);
    },
  );

  it.each([
    ['right', 'forget'],
    ['wrong', 'keep'],
  ] as const)('that is %s fails if %s fails, after all have ended', async (result, how) => {
    const { ended, charges } = twoCharges(how);
    const attempt = () => refundUndecided(charges, async () => result, isRight);
    await expect(attempt()).rejects.toThrow('the store is down');
    expect(ended).toEqual([`first ${how}`, `second ${how}`]);
  });
});
