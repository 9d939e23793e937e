import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import {
  checkedLimiters,
  memoryLimiter,
  type AttemptLimit,
  type LimiterFactory,
} from '../../../src/limits/limiters.js';
import { loginLimiters } from '../../../src/limits/login-limiters.js';

const limit = (points: number): AttemptLimit => ({ points, perMs: 1500 });
const LIMITS = {
  account: limit(1),
  address: limit(2),
  device: limit(3),
  registration: limit(4),
};
const tried = (make: () => unknown) => () =>
  checkedLimiters(make as LimiterFactory)('name', limit(1));

describe('the limiters of logins', () => {
  it('are made once for each thing, with its limit', () => {
    const made: [string, AttemptLimit][] = [];
    const limiters = loginLimiters((thing, its) => {
      made.push([thing, its]);
      return memoryLimiter(thing, its);
    }, LIMITS);
    expect(made).toEqual([
      ['name', LIMITS.account],
      ['user', LIMITS.account],
      ['address', LIMITS.address],
      ['device', LIMITS.device],
      ['password', LIMITS.device],
      ['registration', LIMITS.registration],
    ]);
    expect(Object.entries(limiters).map(([thing, { keyPrefix }]) => [thing, keyPrefix])).toEqual(
      made.map(([thing]) => [thing, `auth_${thing}`]),
    );
  });

  it('count in whole seconds, rounded up', () => {
    const { points, duration, blockDuration } = memoryLimiter('name', limit(7));
    expect({ points, duration, blockDuration }).toEqual({
      points: 7,
      duration: 2,
      blockDuration: 2,
    });
  });
});

describe('a factory of limiters', () => {
  it('may return any object that has what is called', () => {
    const own = { consume() {}, reward() {}, set() {}, delete() {} };
    expect(tried(() => own)()).toBe(own);
  });

  it.each([
    ['nothing', undefined, 'undefined', 'consume(), reward(), set(), delete()'],
    ['half a limiter', { consume() {}, set() {}, reward: 1 }, '', 'reward(), delete()'],
  ])(
    'that returns %s stops the boot, and what is missing is named',
    (_what, made, name, missing) => {
      const attempt = tried(() => made);
      expect(attempt).toThrow(AuthConfigurationError);
      expect(attempt).toThrow(`limiter returned ${name}`);
      expect(attempt).toThrow(
        `for "name", without ${missing}: let it return a limiter of rate-limiter-flexible.`,
      );
    },
  );

  it('that throws stops the boot with its reason', () => {
    const reason = new Error('no Redis here');
    const attempt = tried(() => {
      throw reason;
    });
    expect(attempt).toThrow(AuthConfigurationError);
    expect(attempt).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(
          'limiter (LIMITER_FACTORY) threw for "name": Error: no Redis here.',
        ),
        cause: reason,
      }),
    );
  });

  it('that throws a sentence of its own for the boot is passed on', () => {
    const sentence = new AuthConfigurationError('REDIS_URL is missing.');
    expect(
      tried(() => {
        throw sentence;
      }),
    ).toThrow(sentence);
  });
});
