import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, hashOf, refusalOf } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const right = { username: 'ada', password: PASSWORD };

describe('accounts:', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('a registration', () => {
    it('creates a user, a session and an event, and replaces the session it came with', async () => {
      const app = inMemoryApp();
      const old = await app.loggedIn('eve');
      const issued = await app.auth.register(right, PHONE, [old.token]);
      const { userId, sessionId } = issued;
      expect(userId).toBe('2');
      expect(app.takeEvents()).toMatchObject([
        { type: 'registered', userId, sessionId, ...PHONE },
        { type: 'session_revoked', reason: 'new_login', sessionId: old.sessionId },
      ]);
      expect(await codeOf(app.auth.login(right))).toBe('in');
      expect(app.userDirectory.byId.get('2')!.passwordHash).toMatch(/^\$argon2id\$/);
    });

    it.each([
      [
        'of a name that is taken',
        right,
        { code: 'username_taken', message: 'This username is taken.' },
      ],
      ['with an empty name', { ...right, username: '' }, { code: 'invalid_request' }],
      [
        'with a short password',
        { username: 'eve', password: 'short' },
        { code: 'invalid_request', message: expect.stringMatching(/^password: must have/) },
      ],
      [
        'with a space behind the name',
        { ...right, username: 'eve ' },
        {
          code: 'invalid_request',
          message: 'username: must not begin or end with a space, or have two in a row',
        },
      ],
      [
        'with a password made of the name',
        { username: 'evelyn-the-great', password: 'evelyn-the-great-1' },
        {
          code: 'invalid_request',
          message: expect.stringMatching(/^password: is made of your own/),
        },
      ],
    ])('%s is refused', async (_what, credentials, refusal) => {
      const app = inMemoryApp();
      await app.userDirectory.add('ada');
      expect(await refusalOf(app.auth.register(credentials))).toMatchObject(refusal);
      expect(app.userDirectory.byId.size).toBe(1);
    });

    it('of a name that looks like a taken one, in another script, is refused', async () => {
      const app = inMemoryApp();
      await app.userDirectory.add('ace');
      const cyrillic = { ...right, username: '\u0430\u0441\u0435' };
      expect(await codeOf(app.auth.register(cyrillic))).toBe('username_taken');
      expect(app.userDirectory.byId.size).toBe(1);
    });

    it.each<[string, (passwordHash: string) => Promise<string | null>, number]>([
      ['as it was set', async (passwordHash) => passwordHash, 0],
      ['as another hash of the same password', () => hashOf(PASSWORD), 1],
      ['not at all', async () => null, 0],
    ])('succeeds where the directory returns the hash %s', async (_what, later, checks) => {
      let passwordHash = '';
      const users = {
        findByLogin: async () => null,
        async create(user: { passwordHash: string }) {
          ({ passwordHash } = user);
          return { id: '7', passwordHash };
        },
        findById: async () => ({ id: '7', passwordHash: await later(passwordHash) }),
      };
      const app = inMemoryApp({ users });
      const check = jest.spyOn(app.passwords, 'check');
      expect(await codeOf(app.auth.register(right, PHONE))).toBe('in');
      expect(check).toHaveBeenCalledTimes(checks);
    });

    it('leaves no user without a session if the store is down', async () => {
      class Down extends MemoryRefreshTokenStore {
        override async find(): Promise<null> {
          throw new Error('connection refused');
        }
      }
      const app = inMemoryApp({ store: new Down() });
      expect(await codeOf(app.auth.register(right))).toBe('store_unavailable');
      expect(app.userDirectory.byId.size).toBe(0);
    });

    it('from one address is limited; without an address, or without limits, it is not', async () => {
      const register = async (
        options: object,
        client = PHONE as { ip: string | null; userAgent: string },
      ) => {
        const app = inMemoryApp({ options });
        const codes = [];
        for (const username of ['a', 'b', 'c']) {
          codes.push(await codeOf(app.auth.register({ ...right, username }, client)));
        }
        return codes;
      };
      const limits = { registration: { attempts: 2 } };
      expect(await register({ limits })).toEqual(['in', 'in', 'too_many_attempts']);
      expect(await register({ limits }, { ...PHONE, ip: null })).toEqual(['in', 'in', 'in']);
      expect(await register({ limits: false })).toEqual(['in', 'in', 'in']);
    });

    it('that an outage interrupted does not count', async () => {
      const app = inMemoryApp({ options: { limits: { registration: { attempts: 1 } } } });
      jest.spyOn(app.passwords, 'hash').mockRejectedValueOnce(new Error('busy'));
      await refusalOf(app.auth.register(right, PHONE));
      expect(await codeOf(app.auth.register(right, PHONE))).toBe('in');
    });

    it('of a taken name does count', async () => {
      const app = inMemoryApp({ options: { limits: { registration: { attempts: 2 } } } });
      await app.userDirectory.add('ada');
      for (let i = 0; i < 2; i += 1) {
        expect(await codeOf(app.auth.register(right, PHONE))).toBe('username_taken');
      }
      const eve = { ...right, username: 'eve' };
      expect(await codeOf(app.auth.register(eve, PHONE))).toBe('too_many_attempts');
    });

    it('that fails where nothing is counted fails for that reason alone', async () => {
      const app = inMemoryApp({ options: { limits: false } });
      jest.spyOn(app.passwords, 'hash').mockRejectedValueOnce(new Error('busy'));
      expect((await refusalOf(app.auth.register(right, PHONE))).message).toBe('busy');
      expect(app.events).toEqual([]);
    });
  });

  describe('the hash of a password that the app stores by itself', () => {
    it('is one that a login accepts', async () => {
      const app = inMemoryApp();
      await app.userDirectory.add('ada', { passwordHash: await app.auth.hashPassword(PASSWORD) });
      expect(await codeOf(app.auth.login(right))).toBe('in');
    });

    it.each<[string, string, string[], RegExp]>([
      ['of no password', '', [], /^password: must be a text of 1 to 1024 characters$/],
      ['of what is no text', 7 as never, [], /^password: must be a text/],
      ['of a short password', 'short', [], /^password: must have at least 15/],
      ['of the user’s own words', 'ada-lovelace-1815', ['Ada Lovelace'], /^password: is made of/],
    ])('is refused: %s', async (_what, password, ownWords, sentence) => {
      const { auth } = inMemoryApp();
      const { code, message } = await refusalOf(auth.hashPassword(password, ownWords));
      expect(code).toBe('invalid_request');
      expect(message).toMatch(sentence);
    });
  });
});
