import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { memoryLimiter } from '../../../src/limits/limiters.js';
import { RefreshLimiter } from '../../../src/limits/refresh-limiter.js';

const POINTS = 3;
const PRESENTED = { sessionId: 'office', generation: 7 };

describe('refreshes that did not rotate', () => {
  let limiter: RefreshLimiter;

  beforeEach(async () => {
    jest.useFakeTimers();
    limiter = new RefreshLimiter(memoryLimiter('refresh', { points: POINTS, perMs: 60_000 }));
    for (let i = 0; i < POINTS; i += 1) await limiter.count(PRESENTED);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are allowed as often as the limit says', async () => {
    await expect(limiter.refuseTooMany(PRESENTED)).resolves.toBeUndefined();
  });

  describe('once there are more', () => {
    beforeEach(() => limiter.count(PRESENTED));

    it('are refused until the time is over, and the refusal says how long that takes', async () => {
      jest.advanceTimersByTime(20_000);
      await expect(limiter.refuseTooMany(PRESENTED)).rejects.toMatchObject({
        code: 'too_many_attempts',
        retryAfter: 40,
      });
      jest.advanceTimersByTime(40_000);
      await expect(limiter.refuseTooMany(PRESENTED)).resolves.toBeUndefined();
    });

    it.each([
      ['another session', { ...PRESENTED, sessionId: 'home' }],
      ['an older token of the session', { ...PRESENTED, generation: 6 }],
      ['the next token of the session', { ...PRESENTED, generation: 8 }],
    ])('refuse nothing to %s', async (_whose, other) => {
      await expect(limiter.refuseTooMany(other)).resolves.toBeUndefined();
    });
  });
});
