import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuthError } from '../../../src/errors/auth-error.js';
import type { Charge } from '../../../src/limits/attempt-counter.js';
import { memoryLimiter } from '../../../src/limits/limiters.js';
import { LoginLimiter, type LoginLimiterParts } from '../../../src/limits/login-limiter.js';

const limit = (points: number) => ({ points, perMs: 60_000 });

const limiters = (): LoginLimiterParts['limiters'] => ({
  name: memoryLimiter('name', limit(3)),
  user: memoryLimiter('user', limit(3)),
  address: memoryLimiter('address', limit(5)),
  device: memoryLimiter('device', limit(2)),
  password: memoryLimiter('password', limit(2)),
  registration: memoryLimiter('registration', limit(2)),
});

const callStore = <T>(call: () => Promise<T>) => call();

/** Makes an attempt that fails, as soon as it is admitted. */
const failing = (admission: Promise<Charge[]>): Promise<string> =>
  admission.then(
    async (charges) => {
      for (const charge of charges) await charge.keep();
      return 'admitted';
    },
    (error: unknown) => (error instanceof AuthError ? error.code : String(error)),
  );

const forget = async (admission: Promise<Charge[]>) => {
  for (const charge of await admission) await charge.forget();
};

describe('the login limiter', () => {
  let limiter: LoginLimiter;

  beforeEach(() => {
    limiter = new LoginLimiter({ limiters: limiters(), callStore, realm: 'app' });
  });

  const mayReveal = (name: string, user: string | null = '1') => limiter.mayReveal(user, name);
  const stranger = (login: string, ip: string | null = null) =>
    failing(limiter.admitUnknownDevice(login, ip));
  const device = (session: string) => failing(limiter.admitKnownDevice('1', session));
  const change = (user: string, session: string | null, ip: string | null = null) =>
    failing(limiter.admitPasswordChange(user, session, ip));

  it('allows an account a number of failures, and no more', async () => {
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
  ])('counts a name as the same %s', async (_what, variant) => {
    for (let i = 0; i < 3; i += 1) await stranger('ada');
    expect(await stranger(variant)).toBe('too_many_attempts');
  });

  it('allows an address a number of failures, whatever names it tries', async () => {
    for (let i = 0; i < 5; i += 1) expect(await stranger(`user${i}`, '192.0.2.1')).toBe('admitted');
    expect(await stranger('user5', '192.0.2.1')).toBe('too_many_attempts');
    expect(await stranger('user5', '192.0.2.2')).toBe('admitted');
  });

  it('counts a whole /64 as one address', async () => {
    for (let i = 0; i < 5; i += 1) await stranger(`user${i}`, `2001:db8::${i}`);
    expect(await stranger('user5', '2001:db8::ffff')).toBe('too_many_attempts');
    expect(await stranger('user5', '2001:db8:0:1::1')).toBe('admitted');
  });

  it('counts no address if there is none', async () => {
    for (let i = 0; i < 20; i += 1) {
      expect(await stranger(`user${i}`, null)).toBe('admitted');
      expect(await failing(limiter.admitRegistration(null))).toBe('admitted');
    }
  });

  it('resets an account’s failures, and one of its address’s, after a success', async () => {
    for (let i = 0; i < 2; i += 1) await stranger('ada', '192.0.2.1');
    await forget(limiter.admitUnknownDevice('ada', '192.0.2.1'));
    for (let i = 0; i < 3; i += 1) expect(await stranger('ada')).toBe('admitted');
    // The address has two failures: a guesser can't remove them by logging in to an own account.
    for (let i = 0; i < 3; i += 1) expect(await stranger(`u${i}`, '192.0.2.1')).toBe('admitted');
    expect(await stranger('u3', '192.0.2.1')).toBe('too_many_attempts');
  });

  it('counts a known device separately from strangers', async () => {
    for (let i = 0; i < 9; i += 1) await stranger('ada');
    expect(await device('session')).toBe('admitted');
    expect(await device('session')).toBe('admitted');
    expect(await device('session')).toBe('too_many_attempts');
    expect(await device('another session')).toBe('admitted');
  });

  it('resets a device’s failures after a success', async () => {
    await device('session');
    await forget(limiter.admitKnownDevice('1', 'session'));
    expect([await device('session'), await device('session')]).toEqual(['admitted', 'admitted']);
  });

  describe('a user who is found by several names', () => {
    it('may fail no more often than one name, and nothing reveals that', async () => {
      expect([await mayReveal('ada'), await mayReveal('a.da'), await mayReveal('ad.a')]).toEqual([
        true,
        true,
        true,
      ]);
      expect(await mayReveal('a.d.a')).toBe(false);
      expect(await stranger('a.d.a')).toBe('admitted');
      expect(await mayReveal('eve', '2')).toBe(true);
      await limiter.forgetUser('2');
      expect(await mayReveal('ada')).toBe(false);
      await limiter.forgetUser('1');
      expect(await mayReveal('ada')).toBe(true);
    });

    it('is counted with as much work if the user does not exist', async () => {
      const parts = limiters();
      limiter = new LoginLimiter({ limiters: parts, callStore, realm: 'app' });
      const counted: string[] = [];
      const consume = parts.user.consume.bind(parts.user);
      parts.user.consume = (key, ...others) => {
        counted.push(String(key));
        return consume(key, ...others);
      };
      for (let i = 0; i < 5; i += 1) await mayReveal('nobody', null);
      await mayReveal('ada');
      expect(counted).toHaveLength(6);
      expect(new Set(counted).size).toBe(2);
    });
  });

  describe('a counter can’t be reached by the text of another one:', () => {
    it.each([
      ['id 1'],
      ['user 1'],
      ['["app","id","1"]'],
      ['id","1'],
      ['1'],
      ['auth_user:1'],
      ['192.0.2.1'],
      ['session'],
      ['nobody'],
    ])('a name of %j', async (name) => {
      for (let i = 0; i < 4; i += 1) {
        await stranger(name);
        await limiter.mayReveal(null, name);
      }
      expect(await stranger(name)).toBe('too_many_attempts');
      expect(await limiter.mayReveal('1', 'ada')).toBe(true);
      expect(await stranger('ada', '192.0.2.1')).toBe('admitted');
      expect(await device('session')).toBe('admitted');
      expect(await change('1', null)).toBe('admitted');
      expect(await failing(limiter.admitRegistration('192.0.2.1'))).toBe('admitted');
    });

    it('the id of a user who changes the password, and that of a session', async () => {
      for (let i = 0; i < 2; i += 1) await change('1', null);
      expect(await change('1', null)).toBe('too_many_attempts');
      expect(await change('1', 'session')).toBe('admitted');
      expect(await change('2', '1')).toBe('admitted');
      expect(await device('1')).toBe('admitted');
    });

    it('two sessions of a user who changes the password', async () => {
      for (let i = 0; i < 2; i += 1) await change('1', 'one');
      expect(await change('1', 'one')).toBe('too_many_attempts');
      expect(await change('1', 'other')).toBe('admitted');
    });

    it('two names that belong to nobody', async () => {
      for (let i = 0; i < 3; i += 1) await mayReveal('ada', null);
      expect(await mayReveal('ada', null)).toBe(false);
      expect(await mayReveal('eve', null)).toBe(true);
    });

    it('the users of two apps that count in one store', async () => {
      const shared = limiters();
      const [one, other] = ['one', 'other'].map(
        (realm) => new LoginLimiter({ limiters: shared, callStore, realm }),
      );
      for (let i = 0; i < 3; i += 1) await one!.mayReveal('1', 'ada');
      expect(await one!.mayReveal('1', 'ada')).toBe(false);
      expect(await other!.mayReveal('1', 'ada')).toBe(true);
    });
  });

  it('counts wrong current passwords against the session and the address', async () => {
    for (let i = 0; i < 5; i += 1) expect(await change(`${i}`, 's', '192.0.2.1')).toBe('admitted');
    expect(await change('9', 's', '192.0.2.1')).toBe('too_many_attempts');
    expect(await stranger('ada', '192.0.2.1')).toBe('too_many_attempts');
    expect(await change('9', 's', '192.0.2.2')).toBe('admitted');
  });

  it('counts registrations that succeed too, and lets none wait for them', async () => {
    for (let i = 0; i < 2; i += 1) await forget(limiter.admitRegistration('192.0.2.1'));
    expect(await failing(limiter.admitRegistration('192.0.2.1'))).toBe('too_many_attempts');
    expect(await failing(limiter.admitRegistration('192.0.2.2'))).toBe('admitted');
  });

  it('passes on errors of its store', async () => {
    const broken = { consume: async () => Promise.reject(new Error('gone')) } as never;
    const all = {
      name: broken,
      user: broken,
      address: broken,
      device: broken,
      password: broken,
      registration: broken,
    };
    limiter = new LoginLimiter({ limiters: all, callStore, realm: 'app' });
    expect(await stranger('ada')).toBe('Error: gone');
    expect(await device('session')).toBe('Error: gone');
    await expect(limiter.mayReveal('1', 'ada')).rejects.toThrow('gone');
  });

  it('stores no name, no address and no session id, only hashes', async () => {
    const parts = limiters();
    limiter = new LoginLimiter({ limiters: parts, callStore, realm: 'app' });
    await stranger('ada@example.com', '192.0.2.1');
    expect(await parts.name.get('ada@example.com')).toBeNull();
    expect(await parts.address.get('192.0.2.1')).toBeNull();
  });
});
