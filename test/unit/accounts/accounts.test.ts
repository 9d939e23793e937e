import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, refusalOf } from '../in-memory-app.js';

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
});
