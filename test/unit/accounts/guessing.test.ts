import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { memoryLimiter, type LimiterFactory } from '../../../src/limits/limiters.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, refusedWith, refusalOf, Users } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const elsewhere = (i: number) => ({ ip: `198.51.100.${i}`, userAgent: null });

const right = { username: 'ada', password: PASSWORD };
const wrong = { username: 'ada', password: 'a wrong horse battery staple' };

/** Locks an account out after the first failure, before its name is. */
const oncePerUser: LimiterFactory = (thing, limit) =>
  memoryLimiter(thing, thing === 'user' ? { ...limit, points: 1 } : limit);

/** Exactly this many attempts are allowed. */
const limits = (thing: string, attempts: number) => ({ limits: { [thing]: { attempts } } });

describe('passwords:', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('guessing is limited', () => {
    /** Finds one user by many names. */
    class Loose extends Users {
      override findByLogin(login: string) {
        return super.findByLogin(login.toLowerCase().replaceAll('.', ''));
      }
    }

    it('per account, from any address, in any spelling of the name', async () => {
      const users = new Loose();
      const app = inMemoryApp({ options: limits('account', 3), users });
      await users.add('ada');
      const spelled = ['ada', 'ADA', 'a.da', 'ad.a'];
      for (const [i, username] of spelled.entries()) {
        await codeOf(app.auth.login({ ...wrong, username }, elsewhere(i)));
      }
      // The right password is called wrong, in every spelling: 429 would reveal which of them belong to one user.
      for (const username of ['ada', 'a.d.a', 'AD.A']) {
        expect(await codeOf(app.auth.login({ ...right, username }, PHONE))).toBe(
          'invalid_credentials',
        );
      }
      expect(app.takeEvents().map((event) => 'locked' in event)).toEqual([
        ...Array<boolean>(3).fill(false),
        ...Array<boolean>(4).fill(true),
      ]);
    });

    it('equally for names of one user and names of none, to the last response', async () => {
      const users = new Loose();
      const app = inMemoryApp({ options: limits('account', 3), users });
      await users.add('ada');
      const spelled = ['ada', 'a.da', 'ad.a', 'a.d.a', 'ADA', 'A.DA'];
      const responses = async (names: string[]) => {
        const all = [];
        for (const username of [...names, ...names, ...names]) {
          all.push(await refusedWith(app.auth.login({ ...wrong, username })));
        }
        return all;
      };
      const unownedToken = spelled.map((name) => name.replace(/d/i, 'x'));
      expect(await responses(spelled)).toEqual(await responses(unownedToken));
    });

    it.each([['id 1'], ['1'], ['nobody'], ['["nestjs-refresh-auth","id","1"]']])(
      'per name, here %j, without effect on anybody else',
      async (name) => {
        const app = inMemoryApp({ options: limits('account', 3) });
        await app.userDirectory.add('ada');
        const codes = [];
        for (let i = 0; i < 4; i += 1) {
          codes.push(await codeOf(app.auth.login({ ...wrong, username: name }, elsewhere(i))));
        }
        expect(codes).toEqual([
          ...Array<string>(3).fill('invalid_credentials'),
          'too_many_attempts',
        ]);
        expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
        for (let i = 0; i < 3; i += 1) await codeOf(app.auth.login(wrong, elsewhere(i)));
        for (const other of ['id 1', 'id 2', '1', '2']) {
          if (other === name) continue;
          const guess = app.auth.login({ ...wrong, username: other }, PHONE);
          expect(await codeOf(guess)).toBe('invalid_credentials');
        }
      },
    );

    it.each([['id 1'], ['a.d.b'], ['ADA'], ['eve']])(
      'and an own account, named %j, does not reset the count',
      async (own) => {
        class Strict extends Users {
          override async findByLogin(login: string) {
            return (await super.findByLogin(login)) ?? super.findByLogin(login.replaceAll('.', ''));
          }
        }
        const users = new Strict();
        const app = inMemoryApp({ options: limits('account', 3), users });
        await users.add('ada');
        await users.add(own);
        const spelled = ['ada', 'a.da', 'ad.a', 'a.d.a', 'a..da', 'ad..a'];
        for (const [i, username] of spelled.entries()) {
          await codeOf(app.auth.login({ ...wrong, username }, elsewhere(i)));
          expect(await codeOf(app.auth.login({ ...right, username: own }, elsewhere(99)))).toBe(
            'in',
          );
        }
        expect(await codeOf(app.auth.login({ ...right, username: 'ad...a' }, PHONE))).toBe(
          'invalid_credentials',
        );
      },
    );

    it('but simultaneous right passwords are no guesses: all succeed', async () => {
      const app = inMemoryApp({ options: limits('account', 3) });
      await app.userDirectory.add('ada');
      const logins = Array.from({ length: 20 }, (_, i) =>
        codeOf(app.auth.login(right, elsewhere(i))),
      );
      expect(await Promise.all(logins)).toEqual(Array(20).fill('in'));
    });

    it('and of simultaneous wrong ones no more than the limit are checked, with a right one behind them', async () => {
      const app = inMemoryApp({ options: limits('account', 3) });
      await app.userDirectory.add('ada');
      const check = jest.spyOn(app.passwords, 'check');
      const logins = Array.from({ length: 20 }, (_, i) =>
        codeOf(app.auth.login(i === 19 ? right : wrong, elsewhere(i))),
      );
      expect(await Promise.all(logins)).toEqual([
        ...Array<string>(3).fill('invalid_credentials'),
        ...Array<string>(17).fill('too_many_attempts'),
      ]);
      expect(check).toHaveBeenCalledTimes(3);
    });

    it('without user queries, so that a flood costs their database nothing', async () => {
      const app = inMemoryApp({ options: limits('address', 1) });
      await app.userDirectory.add('ada');
      await codeOf(app.auth.login(wrong, PHONE));
      const findByLogin = jest.spyOn(app.userDirectory, 'findByLogin');
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('too_many_attempts');
      expect(findByLogin).not.toHaveBeenCalled();
    });

    it('per address, for any names', async () => {
      const app = inMemoryApp({ options: limits('address', 2) });
      await app.userDirectory.add('ada');
      for (const username of ['a', 'b'])
        await codeOf(app.auth.login({ ...wrong, username }, PHONE));
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('too_many_attempts');
      expect(await codeOf(app.auth.login(right, elsewhere(1)))).toBe('in');
    });

    it('also after the owner has logged in on a known device', async () => {
      const users = new Loose();
      const app = inMemoryApp({ options: limits('account', 3), users });
      await users.add('ada');
      const { refreshToken } = await app.auth.loginAs('1');
      for (const username of ['ada', 'a.da', 'ad.a']) {
        await codeOf(app.auth.login({ ...wrong, username }, PHONE));
      }
      expect(await codeOf(app.auth.login(right, PHONE, [refreshToken!.token]))).toBe('in');
      expect(await codeOf(app.auth.login({ ...right, username: 'a.d.a' }, PHONE))).toBe(
        'invalid_credentials',
      );
    });

    it('and reported, but nobody is locked out where there is no user', async () => {
      const app = inMemoryApp({ limiter: oncePerUser });
      await app.userDirectory.add('ada');
      for (const username of ['ada', 'eve']) {
        for (let i = 0; i < 2; i += 1) await codeOf(app.auth.login({ ...wrong, username }, PHONE));
      }
      const lockedOut = app.takeEvents().filter((event) => 'locked' in event);
      expect(lockedOut).toMatchObject([{ username: 'ada', userId: '1' }]);
    });

    it('but successes are not counted', async () => {
      const app = inMemoryApp({
        options: { limits: { account: { attempts: 2 }, address: { attempts: 5 } } },
      });
      await app.userDirectory.add('ada');
      for (let i = 0; i < 4; i += 1) {
        expect(await codeOf(app.auth.login(wrong, PHONE))).toBe('invalid_credentials');
        expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
      }
    });

    it('and keeps nobody out who sends a token of the account', async () => {
      const app = inMemoryApp({ options: limits('account', 1) });
      const ada = await app.loggedIn();
      const eve = await app.loggedIn('eve');
      for (let i = 0; i < 3; i += 1) await codeOf(app.auth.login(wrong, elsewhere(i)));
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('too_many_attempts');
      expect(await codeOf(app.auth.login(right, PHONE, [eve.token]))).toBe('too_many_attempts');
      expect(await codeOf(app.auth.login(right, PHONE, [eve.token, ada.token]))).toBe('in');
    });

    it('on a known device too, after as many failures', async () => {
      const app = inMemoryApp({ options: limits('device', 2) });
      const ada = await app.loggedIn();
      const other = await app.loggedIn();
      const at = ({ token }: { token: string }, credentials = wrong) =>
        codeOf(app.auth.login(credentials, PHONE, [token]));
      expect([await at(ada), await at(ada), await at(ada, right)]).toEqual([
        'invalid_credentials',
        'invalid_credentials',
        'too_many_attempts',
      ]);
      expect(await at(other, right)).toBe('in');
    });

    it('as for an unknown device, on a device known only by an ended or foreign session', async () => {
      const app = inMemoryApp({ options: { limits: { account: { attempts: 1 } } } });
      const ada = await app.loggedIn();
      await codeOf(app.auth.login(wrong, PHONE));
      await app.auth.logout(ada.token);
      expect(await codeOf(app.auth.login(right, PHONE, [ada.token]))).toBe('too_many_attempts');
      await app.store.deleteEnded(app.clock.now() + 1, 1);
      expect(await codeOf(app.auth.login(right, PHONE, [ada.token]))).toBe('too_many_attempts');
      expect(await codeOf(app.auth.login({ ...right, username: 'eve' }, PHONE, [ada.token]))).toBe(
        'invalid_credentials',
      );
    });

    it('not at all, if something in front of the app does it', async () => {
      const app = inMemoryApp({ options: { limits: false } });
      const ada = await app.loggedIn();
      for (let i = 0; i < 12; i += 1) {
        expect(await codeOf(app.auth.login(wrong, PHONE, [ada.token]))).toBe('invalid_credentials');
      }
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
    });
  });

  describe('an attempt without a result', () => {
    const one = { account: { attempts: 1 }, address: { attempts: 1 }, device: { attempts: 1 } };

    /** Users whose store can be switched to fail. */
    class Outage extends Users {
      isDown = false;

      override async findByLogin(login: string) {
        if (this.isDown) throw new Error('connection refused');
        return super.findByLogin(login);
      }
    }

    it('because the users could not be queried does not count: the owner can log in afterwards', async () => {
      const users = new Outage();
      const app = inMemoryApp({ options: { limits: one }, users });
      await users.add('ada');
      users.isDown = true;
      for (let i = 0; i < 3; i += 1) {
        expect(await codeOf(app.auth.login(right, PHONE))).toBe('store_unavailable');
      }
      users.isDown = false;
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
    });

    it('because too many passwords were being checked does not count either', async () => {
      const app = inMemoryApp({ options: { limits: one } });
      const { token } = await app.loggedIn();
      const busy = jest.spyOn(app.passwords, 'check').mockRejectedValueOnce(new Error('busy'));
      expect((await refusalOf(app.auth.login(right, PHONE))).message).toBe('busy');
      busy.mockRejectedValueOnce(new Error('busy'));
      await refusalOf(app.auth.login(right, PHONE, [token]));
      expect(await codeOf(app.auth.login(right, PHONE, [token]))).toBe('in');
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
    });
  });
});
