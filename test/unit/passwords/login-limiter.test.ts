import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuthError } from '../../../src/errors/auth-error.js';
import { memoryLimiter } from '../../../src/passwords/limiters.js';
import { LoginLimiter, tooManyAttempts } from '../../../src/passwords/login-limiter.js';

const limit = (points: number) => ({ points, perMs: 60_000 });

const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'admitted',
    (error: unknown) => (error instanceof AuthError ? error.code : String(error)),
  );

describe('the limiter', () => {
  let limiter: LoginLimiter;

  beforeEach(() => {
    limiter = new LoginLimiter({
      account: memoryLimiter('account', limit(3)),
      address: memoryLimiter('address', limit(5)),
      device: memoryLimiter('device', limit(2)),
      registration: memoryLimiter('registration', limit(2)),
    });
  });

  const stranger = (login: string, ip: string | null = null) =>
    outcome(limiter.admitStranger(login, ip));
  const device = (session: string) => outcome(limiter.admitDevice(session));

  it('lets an account fail so often, and no more', async () => {
    const outcomes = [];
    for (let i = 0; i < 5; i += 1) outcomes.push(await stranger('ada', `192.0.2.${i}`));
    expect(outcomes).toEqual([
      ...Array<string>(3).fill('admitted'),
      ...Array<string>(2).fill('too_many_attempts'),
    ]);
    expect(await stranger('eve', '192.0.2.9')).toBe('admitted');
  });

  it('lets no burst slip through', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => stranger('ada')));
    expect(outcomes.filter((each) => each === 'admitted')).toHaveLength(3);
  });

  it.each([
    ['in capitals', 'ADA'],
    ['in full width', 'ａｄａ'],
  ])('takes a name for the same %s', async (_what, variant) => {
    for (let i = 0; i < 3; i += 1) await stranger('ada');
    expect(await stranger(variant)).toBe('too_many_attempts');
  });

  it('lets an address fail so often, whatever names it tries', async () => {
    for (let i = 0; i < 5; i += 1) expect(await stranger(`user${i}`, '192.0.2.1')).toBe('admitted');
    expect(await stranger('user5', '192.0.2.1')).toBe('too_many_attempts');
    expect(await stranger('user5', '192.0.2.2')).toBe('admitted');
  });

  it('counts a whole /64 as one address', async () => {
    for (let i = 0; i < 5; i += 1) await stranger(`user${i}`, `2001:db8::${i}`);
    expect(await stranger('user5', '2001:db8::ffff')).toBe('too_many_attempts');
    expect(await stranger('user5', '2001:db8:0:1::1')).toBe('admitted');
  });

  it('counts no address where there is none', async () => {
    for (let i = 0; i < 20; i += 1) expect(await stranger(`user${i}`, null)).toBe('admitted');
  });

  it('forgets an account’s failures, and one of its address’s, with a success', async () => {
    for (let i = 0; i < 2; i += 1) await stranger('ada', '192.0.2.1');
    const charge = await limiter.admitStranger('ada', '192.0.2.1');
    await charge.forget();
    for (let i = 0; i < 3; i += 1) expect(await stranger('ada')).toBe('admitted');
    // Two failures stand against the address: a guesser can't wipe them with an account of their own.
    for (let i = 0; i < 3; i += 1) expect(await stranger(`u${i}`, '192.0.2.1')).toBe('admitted');
    expect(await stranger('u3', '192.0.2.1')).toBe('too_many_attempts');
  });

  it('counts a known device apart from strangers', async () => {
    for (let i = 0; i < 9; i += 1) await stranger('ada');
    expect(await device('session')).toBe('admitted');
    expect(await device('session')).toBe('admitted');
    expect(await device('session')).toBe('too_many_attempts');
    expect(await device('another session')).toBe('admitted');
  });

  it('forgets a device’s failures with a success', async () => {
    await device('session');
    const charge = await limiter.admitDevice('session');
    await charge.forget();
    expect([await device('session'), await device('session')]).toEqual(['admitted', 'admitted']);
  });

  it('passes on what is wrong with its store', async () => {
    const broken = { consume: async () => Promise.reject(new Error('gone')) } as never;
    limiter = new LoginLimiter({
      account: broken,
      address: broken,
      device: broken,
      registration: broken,
    });
    expect(await stranger('ada')).toBe('Error: gone');
    expect(await device('session')).toBe('Error: gone');
  });

  it('holds no name and no session id, only hashes', async () => {
    const account = memoryLimiter('account', limit(3));
    const others = memoryLimiter('address', limit(3));
    limiter = new LoginLimiter({ account, address: others, device: others, registration: others });
    await stranger('ada@example.com');
    expect(await account.get('ada@example.com')).toBeNull();
  });
});

describe('the refusal', () => {
  it.each([
    [1, 1],
    [1000, 1],
    [1001, 2],
    [899_999, 900],
    [0, 1],
    [-5, 1],
  ])('after %i ms to wait says to wait %i s', (ms, seconds) => {
    const refusal = tooManyAttempts(ms);
    expect([refusal.code, refusal.getStatus(), refusal.retryAfter]).toEqual([
      'too_many_attempts',
      429,
      seconds,
    ]);
  });
});
