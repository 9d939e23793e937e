import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Rotation } from '../../../src/sessions/refresh-token-store.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, refusedWith, hashOf, refusalOf, Users } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const WRONG = 'a wrong horse battery staple';
const NEW = 'another horse battery staple';
const right = { username: 'ada', password: PASSWORD };
const change = { currentPassword: PASSWORD, newPassword: NEW };

describe('accounts:', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('a change of password', () => {
    it('replaces the hash and ends the other sessions', async () => {
      const app = inMemoryApp();
      const [here, there] = [await app.loggedIn(), await app.loggedIn()];
      await app.auth.changePassword('1', change, here.sessionId, PHONE);
      expect(app.takeEvents()).toEqual([
        {
          type: 'session_revoked',
          reason: 'password_changed',
          userId: '1',
          sessionId: null,
          count: 1,
        },
        { type: 'password_changed', userId: '1', sessionId: here.sessionId, ...PHONE },
      ]);
      expect(app.feed.isRevoked(there.sessionId)).toBe(true);
      expect(app.feed.isRevoked(here.sessionId)).toBe(false);
      expect(await codeOf(app.auth.login(right))).toBe('invalid_credentials');
      expect(await codeOf(app.auth.login({ ...right, password: NEW }))).toBe('in');
    });

    it('reissues the refresh token of this session: every copy of an earlier one is invalid', async () => {
      const app = inMemoryApp();
      const here = await app.loggedIn();
      const first = (await app.auth.refresh(here.token)).refreshToken!.token;
      const reissued = (await app.auth.changePassword('1', change, here.sessionId))!.token;
      const refused = { code: 'refresh_invalid', sessionEnded: false };
      for (const copy of [first, here.token]) {
        expect(await refusedWith(app.auth.refresh(copy))).toMatchObject(refused);
      }
      expect(await app.auth.refresh(reissued)).toMatchObject({ refreshToken: null });
      app.clock.advance({ minutes: 1 });
      const next = (await app.auth.refresh(reissued)).refreshToken!.token;
      for (const copy of [first, here.token]) {
        expect(await refusedWith(app.auth.refresh(copy))).toMatchObject(refused);
      }
      app.clock.advance({ minutes: 1 });
      expect(await codeOf(app.auth.refresh(next))).toBe('in');
      expect(await codeOf(app.auth.refresh(reissued))).toBe('refresh_reused');
    });

    it('makes a simultaneous refresh read its cookie again, for one leeway', async () => {
      const app = inMemoryApp();
      const here = await app.loggedIn();
      await app.auth.changePassword('1', change, here.sessionId);
      const early = await refusalOf(app.auth.refresh(here.token));
      expect(early).toMatchObject({ retryAfter: 1, message: expect.stringMatching(/Try again/) });
      expect(early.message).not.toContain('Log in');
      app.clock.advance({ seconds: 30 });
      const late = await refusalOf(app.auth.refresh(here.token));
      expect(late.retryAfter).toBeUndefined();
      expect(late.message).toContain('Log in again.');
    });

    it('reissues over a rotation that came in between', async () => {
      class Rotating extends MemoryRefreshTokenStore {
        between: (() => Promise<unknown>) | null = null;
        override async rotate(rotation: Rotation) {
          const { between } = this;
          this.between = null;
          await between?.();
          return super.rotate(rotation);
        }
      }
      const store = new Rotating();
      const app = inMemoryApp({ store });
      const here = await app.loggedIn();
      store.between = () => app.auth.refresh(here.token);
      const reissued = await app.auth.changePassword('1', change, here.sessionId);
      app.clock.advance({ minutes: 1 });
      expect(await codeOf(app.auth.refresh(reissued!.token))).toBe('in');
    });

    it('is refused, and changes nothing, for a session that has ended or belongs to another user', async () => {
      const app = inMemoryApp();
      const [here, there, eve] = [
        await app.loggedIn(),
        await app.loggedIn(),
        await app.loggedIn('eve'),
      ];
      await app.auth.revokeSession('1', here.sessionId);
      for (const { sessionId } of [here, eve]) {
        app.takeEvents();
        expect(await codeOf(app.auth.changePassword('1', change, sessionId))).toBe(
          'invalid_credentials',
        );
        expect(app.takeEvents()).toMatchObject([{ type: 'login_failed', userId: '1', sessionId }]);
      }
      app.clock.advance({ days: 8 });
      expect(await codeOf(app.auth.changePassword('1', change, there.sessionId))).toBe(
        'invalid_credentials',
      );
      expect(await codeOf(app.auth.login(right))).toBe('in');
    });

    /** Directories written before hashes were compared: one returns nothing, one compares nothing. */
    class ReturnsNothing extends Users {
      override async updatePasswordHash(...given: [string, string, string]): Promise<never> {
        await super.updatePasswordHash(...given);
        return undefined as never;
      }
    }
    class ComparesNothing extends Users {
      override async updatePasswordHash(id: string, passwordHash: string): Promise<never> {
        this.change(id, { passwordHash });
        return undefined as never;
      }
    }

    it.each([Users, ReturnsNothing, ComparesNothing])(
      'has one winner of two simultaneous ones, and leaves the loser nothing (%p)',
      async (Directory) => {
        const users = new Directory();
        const app = inMemoryApp({ users });
        await users.add('ada');
        const sessions = [await app.auth.loginAs('1'), await app.auth.loginAs('1')];
        const passwords = [NEW, 'the horse of somebody else'];
        const codes = await Promise.all(
          sessions.map(({ sessionId }, i) =>
            codeOf(
              app.auth.changePassword('1', { ...change, newPassword: passwords[i]! }, sessionId),
            ),
          ),
        );
        expect(codes.toSorted()).toEqual(['in', 'invalid_credentials']);
        const winner = codes.indexOf('in');
        const login = (password: string) => codeOf(app.auth.login({ ...right, password }));
        expect(await login(passwords[winner]!)).toBe('in');
        expect(await login(passwords[1 - winner]!)).toBe('invalid_credentials');
        expect(app.feed.isRevoked(sessions[winner]!.sessionId)).toBe(false);
        expect(app.feed.isRevoked(sessions[1 - winner]!.sessionId)).toBe(true);
      },
    );

    it('loses to one on another instance that was faster with the same hash', async () => {
      const users = new Users();
      const app = inMemoryApp({ users });
      await users.add('ada');
      const write = users.updatePasswordHash.bind(users);
      const other = await hashOf('the horse of another instance');
      users.updatePasswordHash = async (...given) => {
        users.change('1', { passwordHash: other });
        return write(...given);
      };
      const { sessionId } = await app.auth.loginAs('1');
      expect(await codeOf(app.auth.changePassword('1', change, sessionId))).toBe(
        'invalid_credentials',
      );
      expect(users.byId.get('1')!.passwordHash).toBe(other);
      expect(app.takeEvents()).not.toContainEqual(
        expect.objectContaining({ type: 'password_changed' }),
      );
    });

    it('ends a session that started with the old password in between', async () => {
      const users = new Users();
      const app = inMemoryApp({ users });
      await users.add('ada');
      const write = users.updatePasswordHash.bind(users);
      users.updatePasswordHash = async (...given) => {
        await app.auth.loginAs('1');
        return write(...given);
      };
      await app.auth.changePassword('1', change);
      expect(await app.auth.listSessions('1')).toEqual([]);
    });

    it('keeps the old password if the sessions could not be ended', async () => {
      class Down extends MemoryRefreshTokenStore {
        override async revoke(): Promise<number> {
          throw new Error('connection refused');
        }
      }
      const app = inMemoryApp({ store: new Down() });
      await app.userDirectory.add('ada');
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('store_unavailable');
      expect(await codeOf(app.auth.login(right))).toBe('in');
    });

    it('requires the current one, with limited attempts', async () => {
      const app = inMemoryApp({ options: { limits: { device: { attempts: 2 } } } });
      const { sessionId } = await app.loggedIn();
      const guess = (session: string | null = sessionId) =>
        refusedWith(
          app.auth.changePassword('1', { ...change, currentPassword: WRONG }, session, PHONE),
        );
      const no = {
        code: 'invalid_credentials',
        sessionEnded: false,
        message: 'The current password is wrong.',
      };
      expect([await guess(), await guess()]).toEqual([no, no]);
      expect(app.takeEvents()[0]).toEqual({
        type: 'login_failed',
        username: 'ada',
        userId: '1',
        sessionId,
        ...PHONE,
      });
      expect(await codeOf(app.auth.changePassword('1', change, sessionId))).toBe(
        'too_many_attempts',
      );
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it('forgets earlier failures', async () => {
      // In the session that set the password, the new one of a request counts too.
      const app = inMemoryApp({ options: { limits: { device: { attempts: 3 } } } });
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

    it('does not count if the password could not be checked', async () => {
      const app = inMemoryApp({ options: { limits: { device: { attempts: 1 } } } });
      await app.userDirectory.add('ada');
      jest.spyOn(app.passwords, 'check').mockRejectedValueOnce(new Error('busy'));
      await refusalOf(app.auth.changePassword('1', change));
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it('is not limited if something in front of the app limits it', async () => {
      const app = inMemoryApp({ options: { limits: false } });
      await app.userDirectory.add('ada');
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
      const app = inMemoryApp();
      const claims = { username: 'ada.lovelace', email: 'countess@example.com', roles: [] };
      await app.userDirectory.add('ada', { claims });
      const { code, message } = await refusalOf(
        app.auth.changePassword('1', { ...change, newPassword }),
      );
      expect(code).toBe('invalid_request');
      expect(message).toMatch(sentence);
    });

    it('accepts claims that are no words', async () => {
      const app = inMemoryApp();
      await app.userDirectory.add('ada', { claims: { username: 7, email: null } });
      expect(
        await codeOf(app.auth.changePassword('1', { ...change, currentPassword: WRONG })),
      ).toBe('invalid_credentials');
      expect(app.takeEvents()).toMatchObject([{ type: 'login_failed', username: null }]);
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('in');
    });

    it('is refused for a disabled user', async () => {
      const app = inMemoryApp();
      await app.userDirectory.add('ada', { disabled: true });
      expect(await codeOf(app.auth.changePassword('1', change))).toBe('session_revoked');
    });
  });
});
