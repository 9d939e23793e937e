import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { anApp, codeOf, endOf, refusalOf, Users } from '../an-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const WRONG = 'a wrong horse battery staple';
const NEW = 'another horse battery staple';
const right = { username: 'ada', password: PASSWORD };
const change = { currentPassword: PASSWORD, newPassword: NEW };

describe('an account:', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('a change of password', () => {
    it('replaces the hash and ends the other sessions', async () => {
      const app = anApp();
      const [here, there] = [await app.loggedIn(), await app.loggedIn()];
      await app.auth.changePassword('1', change, here.sessionId);
      expect(app.news()).toEqual([
        {
          type: 'session_revoked',
          reason: 'password_changed',
          userId: '1',
          sessionId: null,
          count: 1,
        },
        { type: 'password_changed', userId: '1' },
      ]);
      expect(app.feed.isRevoked(there.sessionId)).toBe(true);
      expect(app.feed.isRevoked(here.sessionId)).toBe(false);
      expect(await codeOf(app.auth.login(right))).toBe('invalid_credentials');
      expect(await codeOf(app.auth.login({ ...right, password: NEW }))).toBe('in');
    });

    it('without a session to keep ends all', async () => {
      const app = anApp();
      const { sessionId } = await app.loggedIn();
      await app.auth.changePassword('1', change);
      expect(app.feed.isRevoked(sessionId)).toBe(true);
    });

    it('ends a session that started with the old password in between', async () => {
      const users = new Users();
      const app = anApp({ users });
      await users.add('ada');
      const write = users.updatePasswordHash.bind(users);
      users.updatePasswordHash = async (...given) => {
        await app.auth.loginAs('1');
        await write(...given);
      };
      await app.auth.changePassword('1', change);
      expect(await app.auth.listSessions('1')).toEqual([]);
    });

    it('leaves the old password where the sessions could not be ended', async () => {
      class Down extends MemoryRefreshTokenStore {
        override async revoke(): Promise<number> {
          throw new Error('connection refused');
        }
      }
      const app = anApp({ store: new Down() });
      await app.people.add('ada');
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('store_unavailable');
      expect(await codeOf(app.auth.login(right))).toBe('in');
    });

    it('asks for the current one, and only so often', async () => {
      const app = anApp({ options: { limits: { device: { attempts: 2 } } } });
      const { sessionId } = await app.loggedIn();
      const guess = (session: string | null = sessionId) =>
        endOf(app.auth.changePassword('1', { ...change, currentPassword: WRONG }, session));
      const no = {
        code: 'invalid_credentials',
        sessionEnded: false,
        message: 'The current password is wrong.',
      };
      expect([await guess(), await guess()]).toEqual([no, no]);
      expect(app.news()[0]).toEqual({
        type: 'login_failed',
        username: '',
        userId: '1',
        ip: null,
        userAgent: null,
      });
      expect(await codeOf(app.auth.changePassword('1', change, sessionId))).toBe(
        'too_many_attempts',
      );
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it('forgets the failures before it', async () => {
      const app = anApp({ options: { limits: { device: { attempts: 2 } } } });
      const { sessionId } = await app.loggedIn();
      for (const [from, to] of [
        [PASSWORD, NEW],
        [NEW, PASSWORD],
      ] as const) {
        const guess = { currentPassword: WRONG, newPassword: to };
        expect(await codeOf(app.auth.changePassword('1', guess, sessionId))).toBe(
          'invalid_credentials',
        );
        const known = { currentPassword: from, newPassword: to };
        expect(await codeOf(app.auth.changePassword('1', known, sessionId))).toBe('in');
      }
    });

    it('is no failure where the password could not be checked', async () => {
      const app = anApp({ options: { limits: { device: { attempts: 1 } } } });
      await app.people.add('ada');
      jest.spyOn(app.passwords, 'check').mockRejectedValueOnce(new Error('busy'));
      await refusalOf(app.auth.changePassword('1', change));
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it('may be tried without end where something in front of the app limits it', async () => {
      const app = anApp({ options: { limits: false } });
      await app.people.add('ada');
      for (let i = 0; i < 12; i += 1) {
        await codeOf(app.auth.changePassword('1', { ...change, currentPassword: WRONG }));
      }
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it.each([
      ['is too short', 'short', /^newPassword: must have at least 15/],
      ['is the user’s name', 'ada-lovelace-1815', /^newPassword: is made of your own name/],
      ['is the user’s address', 'countess@example.com', /^newPassword: is made of your own/],
      ['is empty', '', /^newPassword: must be a text/],
    ])('refuses a new one that %s', async (_what, newPassword, sentence) => {
      const app = anApp();
      const claims = { username: 'ada.lovelace', email: 'countess@example.com', roles: [] };
      await app.people.add('ada', { claims });
      const { code, message } = await refusalOf(
        app.auth.changePassword('1', { ...change, newPassword }),
      );
      expect(code).toBe('invalid_request');
      expect(message).toMatch(sentence);
    });

    it('minds no claims that are no words', async () => {
      const app = anApp();
      await app.people.add('ada', { claims: { username: 7, email: null } });
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it('is refused to a user who is disabled', async () => {
      const app = anApp();
      await app.people.add('ada', { disabled: true });
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('session_revoked');
    });
  });

  describe('a registration', () => {
    it('makes a user, a session and an event, and takes the place of the session it came with', async () => {
      const app = anApp();
      const old = await app.loggedIn('eve');
      const issued = await app.auth.register(right, PHONE, [old.token]);
      const { userId, sessionId } = issued;
      expect(userId).toBe('2');
      expect(app.news()).toMatchObject([
        { type: 'registered', userId, sessionId, ...PHONE },
        { type: 'session_revoked', reason: 'new_login', sessionId: old.sessionId },
      ]);
      expect(await codeOf(app.auth.login(right))).toBe('in');
      expect(app.people.byId.get('2')!.passwordHash).toMatch(/^\$argon2id\$/);
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
      const app = anApp();
      await app.people.add('ada');
      expect(await refusalOf(app.auth.register(credentials))).toMatchObject(refusal);
      expect(app.people.byId.size).toBe(1);
    });

    it('leaves no user without a session, when the store is down', async () => {
      class Down extends MemoryRefreshTokenStore {
        override async find(): Promise<null> {
          throw new Error('connection refused');
        }
      }
      const app = anApp({ store: new Down() });
      expect(await codeOf(app.auth.register(right))).toBe('store_unavailable');
      expect(app.people.byId.size).toBe(0);
    });

    it('from one address is possible so often; from nowhere, and without limits, without end', async () => {
      const register = async (
        options: object,
        client = PHONE as { ip: string | null; userAgent: string },
      ) => {
        const app = anApp({ options });
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

    it('that an outage cut short does not count', async () => {
      const app = anApp({ options: { limits: { registration: { attempts: 1 } } } });
      jest.spyOn(app.passwords, 'hash').mockRejectedValueOnce(new Error('busy'));
      await refusalOf(app.auth.register(right, PHONE));
      expect(await codeOf(app.auth.register(right, PHONE))).toBe('in');
    });

    it('of a taken name does count', async () => {
      const app = anApp({ options: { limits: { registration: { attempts: 2 } } } });
      await app.people.add('ada');
      for (let i = 0; i < 2; i += 1) {
        expect(await codeOf(app.auth.register(right, PHONE))).toBe('username_taken');
      }
      const eve = { ...right, username: 'eve' };
      expect(await codeOf(app.auth.register(eve, PHONE))).toBe('too_many_attempts');
    });

    it('that fails where nothing is counted fails for that reason alone', async () => {
      const app = anApp({ options: { limits: false } });
      jest.spyOn(app.passwords, 'hash').mockRejectedValueOnce(new Error('busy'));
      expect((await refusalOf(app.auth.register(right, PHONE))).message).toBe('busy');
      expect(app.events).toEqual([]);
    });
  });
});
