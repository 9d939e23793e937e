import { describe, expect, it, jest } from '@jest/globals';
import { MemoryRefreshTokenStore } from '../../src/testing/memory-refresh-token-store.js';
import type { PresentedRefreshToken } from '../../src/tokens/refresh-tokens.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';
import { inMemoryApp, claimsOf, refusedWith, refusalOf, Users } from './in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };

describe('a logout', () => {
  it('ends the session of a token of any generation, even an expired one', async () => {
    const app = inMemoryApp();
    const ada = await app.loggedIn();
    app.clock.advance({ days: 6 });
    await app.auth.refresh(ada.token);
    app.clock.advance({ days: 5 });
    app.takeEvents();
    await app.auth.logout(ada.token);
    const { userId, sessionId } = ada;
    expect(app.takeEvents()).toEqual([
      { type: 'session_revoked', reason: 'logout', userId, sessionId, count: 1 },
    ]);
    expect(app.feed.isRevoked(sessionId)).toBe(true);
    await app.auth.logout(ada.token);
    expect(app.takeEvents()).toEqual([]);
  });

  it('ignores what is no genuine token', async () => {
    const app = inMemoryApp();
    const ada = await app.loggedIn();
    for (const token of ['', 'x', `${ada.token}x`, ada.accessToken]) await app.auth.logout(token);
    expect(app.takeEvents()).toEqual([]);
  });

  it('of all sessions returns how many there were, and leaves other users alone', async () => {
    const app = inMemoryApp();
    const [ada, eve] = [await app.loggedIn(), await app.loggedIn('eve')];
    await app.loggedIn();
    expect(await app.auth.logoutAll(ada.userId)).toBe(2);
    expect(app.takeEvents()).toEqual([
      { type: 'session_revoked', reason: 'logout_all', userId: '1', sessionId: null, count: 2 },
    ]);
    expect(app.feed.isRevoked(ada.sessionId)).toBe(true);
    expect(app.feed.isRevoked(eve.sessionId)).toBe(false);
    expect(await app.auth.logoutAll(ada.userId)).toBe(0);
    expect(app.takeEvents()).toEqual([]);
  });
});

describe('the app itself', () => {
  it('ends one session of a user, by its id', async () => {
    const app = inMemoryApp();
    const [ada, eve] = [await app.loggedIn(), await app.loggedIn('eve')];
    const { userId, sessionId } = ada;
    expect(await app.auth.revokeSession(eve.userId, sessionId)).toBe(false);
    expect(await app.auth.revokeSession(userId, sessionId)).toBe(true);
    expect(app.takeEvents()).toEqual([
      { type: 'session_revoked', reason: 'revoked', userId, sessionId, count: 1 },
    ]);
    expect(await app.auth.revokeSession(userId, sessionId)).toBe(false);
  });

  it('does not query the store for a malformed session id', async () => {
    const calls: unknown[] = [];
    class Listening extends MemoryRefreshTokenStore {
      override async revoke(): Promise<number> {
        calls.push('revoke');
        return 1;
      }
    }
    const app = inMemoryApp({ store: new Listening() });
    const id = 'a0'.repeat(16);
    for (const no of ['', `${id}0`, `0${id}`, id.slice(1), id.toUpperCase(), `${id}\n`, '%']) {
      expect(await app.auth.revokeSession('1', no)).toBe(false);
    }
    expect(calls).toEqual([]);
    expect(await app.auth.revokeSession('1', id)).toBe(true);
  });

  it('ends all sessions of a user, or of everybody', async () => {
    const app = inMemoryApp();
    const [ada, eve] = [await app.loggedIn(), await app.loggedIn('eve')];
    expect(await app.auth.revokeAllForUser(ada.userId)).toBe(1);
    expect(app.takeEvents()).toMatchObject([
      { type: 'session_revoked', reason: 'revoked', userId: '1' },
    ]);
    await app.loggedIn();
    expect(await app.auth.revokeEverything()).toBe(2);
    expect(app.takeEvents()).toEqual([
      { type: 'session_revoked', reason: 'everything', userId: null, sessionId: null, count: 2 },
    ]);
    expect(app.feed.isRevoked(eve.sessionId)).toBe(true);
    expect(await app.row(eve.sessionId)).toMatchObject({ revokedReason: 'everything' });
    expect(await app.auth.revokeEverything()).toBe(0);
    expect(app.takeEvents()).toEqual([]);
  });

  it('passes an exception to the store only if there is one: an undefined id is none', async () => {
    const app = inMemoryApp();
    const revoke = jest.spyOn(app.store, 'revoke');
    await app.auth.logoutAll('1');
    expect(revoke.mock.calls[0]![0]).toStrictEqual({ userId: '1' });
  });

  it('lists the live sessions of a user, with what their owner can recognise', async () => {
    const app = inMemoryApp();
    const ada = await app.loggedIn();
    const loginAt = app.clock.now();
    app.clock.advance({ hours: 1 });
    const { refreshToken } = await app.auth.refresh(ada.token, PHONE);
    app.clock.advance({ seconds: 1 });
    await app.loggedIn('eve');
    expect(await app.auth.listSessions(ada.userId)).toEqual([
      {
        id: ada.sessionId,
        createdAt: new Date(loginAt),
        lastUsedAt: new Date(loginAt + 3_600_000),
        expiresAt: new Date(refreshToken!.expiresAt),
        ...PHONE,
      },
    ]);
  });

  it('lists all of them, the latest first', async () => {
    const app = inMemoryApp();
    const ids = [];
    for (let i = 0; i < 3; i += 1) {
      ids.unshift((await app.loggedIn()).sessionId);
      app.clock.advance({ seconds: 1 });
    }
    const listed = await app.auth.listSessions('1');
    expect(listed.map(({ id }) => id)).toEqual(ids);
  });

  it('deletes what ended long ago, and returns how much', async () => {
    const app = inMemoryApp();
    const ada = await app.loggedIn();
    await app.loggedIn();
    await app.auth.logout(ada.token);
    app.clock.advance({ days: 1, ms: 1 });
    expect(await app.auth.purgeExpired()).toBe(1);
    expect(await app.row(ada.sessionId)).toBeNull();
  });
});

describe('a refresh is refused by the token alone', () => {
  it.each([
    ['a text of somebody’s', () => 'x'],
    ['an access token', (ada: { accessToken: string }) => ada.accessToken],
    [
      'an object that looks like an accepted token',
      () => ({ sessionId: 's' }) as PresentedRefreshToken,
    ],
  ])('%s', async (_what, presented) => {
    const app = inMemoryApp();
    const ada = await app.loggedIn();
    expect(await refusedWith(app.auth.refresh(presented(ada)))).toEqual({
      code: 'refresh_invalid',
      sessionEnded: false,
      message: 'The refresh token is not valid. Log in again.',
    });
  });
});

describe('when secrets change', () => {
  it('nobody is logged out while the old ones are behind the new one', async () => {
    const store = new MemoryRefreshTokenStore();
    const userDirectory = new Users();
    const before = inMemoryApp({ store, users: userDirectory });
    await userDirectory.add('ada');
    const { refreshToken } = await before.auth.loginAs('1');
    const after = inMemoryApp({
      store,
      users: userDirectory,
      options: {
        accessToken: { secret: [`new ${ACCESS_SECRET}`, ACCESS_SECRET] },
        refreshToken: { secret: [`new ${REFRESH_SECRET}`, REFRESH_SECRET] },
      },
    });
    const first = await after.auth.refresh(refreshToken!.token);
    const again = await after.auth.refresh(refreshToken!.token);
    expect(again.refreshToken).toEqual(first.refreshToken);
    expect(claimsOf(first.refreshToken!.token)).toMatchObject({ gen: 1 });
    expect((await refusalOf(before.auth.refresh(first.refreshToken!.token))).code).toBe(
      'refresh_invalid',
    );
  });
});

describe('a password is checked', () => {
  it('before the login, and the session of the same device ends', async () => {
    const app = inMemoryApp();
    const old = await app.loggedIn();
    const credentials = { username: 'ada', password: PASSWORD };
    const { userId, sessionId } = await app.auth.login(credentials, PHONE, [old.token]);
    expect(app.takeEvents()).toMatchObject([
      { type: 'login_succeeded', userId, sessionId, ...PHONE },
      { type: 'session_revoked', reason: 'new_login', sessionId: old.sessionId },
    ]);
  });
});
