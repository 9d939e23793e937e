import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_CLIENT } from '../../../src/events/client-info.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { inMemoryApp, claimsOf, codeOf, refusedWith, refusalOf } from '../in-memory-app.js';

const DAY = 24 * 3_600_000;
const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const NOWHERE = { ip: null, userAgent: null };

class WatchedStore extends MemoryRefreshTokenStore {
  onInsert = () => {};

  override async insert(session: Parameters<MemoryRefreshTokenStore['insert']>[0]) {
    await super.insert(session);
    this.onInsert();
  }
}

describe('a session that starts', () => {
  it('is one row, without a secret, and two tokens that name it', async () => {
    const app = inMemoryApp();
    const userId = await app.userDirectory.add('ada');
    const { refreshToken, accessToken, ...rest } = await app.auth.loginAs(userId, PHONE);

    const { sessionId } = rest;
    expect(rest).toEqual({
      userId,
      sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
      expiresIn: 900,
      device: { token: expect.stringMatching(/^[\w.-]+$/), expiresAt: app.clock.now() + 365 * DAY },
    });
    const now = app.clock.now();
    expect(refreshToken!.expiresAt).toBe(now + 7 * DAY + 500);
    const claims = claimsOf(refreshToken!.token);
    expect(claims).toEqual({
      iss: 'nestjs-refresh-auth',
      aud: 'nestjs-refresh-auth/refresh',
      sub: userId,
      sid: sessionId,
      gen: 0,
      jti: expect.stringMatching(/^[\w-]{43}$/),
      iat: Math.floor(now / 1000),
      exp: refreshToken!.expiresAt / 1000,
      abs: (now + 30 * DAY + 500) / 1000,
    });
    expect(claimsOf(accessToken)).toMatchObject({ sub: userId, sid: sessionId, username: 'ada' });
    const row = await app.row(sessionId);
    expect(row).toEqual({
      id: sessionId,
      userId,
      tokenHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      generation: 0,
      createdAt: now,
      rotatedAt: now,
      expiresAt: refreshToken!.expiresAt,
      absoluteExpiresAt: now + 30 * DAY + 500,
      revokedAt: null,
      revokedReason: null,
      ...PHONE,
    });
    expect(JSON.stringify(row)).not.toContain(claims.jti);
    expect(app.takeEvents()).toEqual([{ type: 'login_succeeded', userId, sessionId, ...PHONE }]);
  });

  it('stores no client if the app knows none', async () => {
    const app = inMemoryApp();
    const { sessionId } = await app.auth.loginAs(await app.userDirectory.add('ada'));
    expect(await app.row(sessionId)).toMatchObject(NOWHERE);
    expect(app.takeEvents()).toMatchObject([NOWHERE]);
    expect(UNKNOWN_CLIENT).toEqual(NOWHERE);
  });

  it('stores an address and a user agent of any length, cut to the columns', async () => {
    const app = inMemoryApp();
    const long = { ip: 'i'.repeat(65), userAgent: 'u'.repeat(256) };
    const { sessionId } = await app.auth.loginAs(await app.userDirectory.add('ada'), long);
    const stored = { ip: 'unknown', userAgent: 'u'.repeat(255) };
    expect(await app.row(sessionId)).toMatchObject(stored);

    const eve = await app.loggedIn('eve');
    await app.auth.refresh(eve.token, long);
    expect(await app.row(eve.sessionId)).toMatchObject(stored);
  });

  it('replaces the session that came with it, and only that one', async () => {
    const app = inMemoryApp();
    const [old, other, eve] = [
      await app.loggedIn(),
      await app.loggedIn(),
      await app.loggedIn('eve'),
    ];
    const forged = `${old.token}x`;
    const { sessionId } = await app.auth.loginAs(old.userId, PHONE, [forged, 'x', old.token]);
    expect(app.takeEvents()).toEqual([
      { type: 'login_succeeded', userId: old.userId, sessionId, ...PHONE },
      {
        type: 'session_revoked',
        reason: 'new_login',
        userId: old.userId,
        sessionId: old.sessionId,
        count: 1,
      },
    ]);
    for (const { sessionId: id } of [other, eve]) {
      expect(await app.row(id)).toMatchObject({ revokedAt: null });
    }
  });

  it.each([
    ['disabled', { disabled: true }],
    ['gone', null],
  ])('is refused if the directory reports the user as %s', async (_what, change) => {
    const app = inMemoryApp();
    const id = await app.userDirectory.add('ada');
    if (change === null) app.userDirectory.byId.delete(id);
    else app.userDirectory.change(id, change);
    expect(await refusedWith(app.auth.loginAs(id))).toEqual({
      code: 'session_revoked',
      sessionEnded: false,
      message: 'The user is gone or disabled.',
    });
    expect(app.takeEvents()).toEqual([
      expect.objectContaining({ type: 'refused', code: 'session_revoked', userId: id }),
    ]);
  });

  it('ends at once if the user is disabled while it starts', async () => {
    const store = new WatchedStore();
    const app = inMemoryApp({ store });
    const { token: old, sessionId: oldId } = await app.loggedIn();
    store.onInsert = () => app.userDirectory.change('1', { disabled: true });
    expect((await refusalOf(app.auth.loginAs('1', PHONE, [old]))).code).toBe('session_revoked');
    expect(app.takeEvents()).toMatchObject([
      { type: 'session_revoked', reason: 'revoked', userId: '1' },
      { type: 'refused', code: 'session_revoked', where: 'loginAs', userId: '1' },
    ]);
    const live = await app.auth.listSessions('1');
    expect(live.map(({ id }) => id)).toEqual([oldId]);
  });
});

describe('a limit of sessions', () => {
  it('ends the oldest, one for each that is too many, and nobody else’s', async () => {
    const app = inMemoryApp({ options: { maxSessionsPerUser: 2 } });
    const eve = await app.loggedIn('eve');
    const ids = [];
    for (let i = 0; i < 4; i += 1) {
      app.clock.advance({ seconds: 1 });
      ids.push((await app.loggedIn()).sessionId);
    }
    const live = await app.auth.listSessions('2');
    expect(live.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    const { revokedReason } = await app.row(ids[0]!);
    expect(revokedReason).toBe('session_limit');
    expect(await app.row(eve.sessionId)).toMatchObject({ revokedAt: null });
  });

  it('ends none for a login that replaces one, or that is refused in the end', async () => {
    const store = new WatchedStore();
    const app = inMemoryApp({ store, options: { maxSessionsPerUser: 2 } });
    const first = await app.loggedIn();
    app.clock.advance({ seconds: 1 });
    const second = await app.loggedIn();
    app.clock.advance({ seconds: 1 });
    const third = await app.auth.loginAs('1', PHONE, [second.token]);
    const ids = async () => (await app.auth.listSessions('1')).map(({ id }) => id);
    expect(await ids()).toEqual([third.sessionId, first.sessionId]);
    store.onInsert = () => app.userDirectory.change('1', { disabled: true });
    expect((await refusalOf(app.auth.loginAs('1', PHONE))).code).toBe('session_revoked');
    expect(await ids()).toEqual([third.sessionId, first.sessionId]);
  });

  it('is a hundred by default', async () => {
    const app = inMemoryApp();
    const first = await app.loggedIn();
    for (let i = 1; i < 100; i += 1) {
      app.clock.advance({ seconds: 1 });
      await app.loggedIn();
    }
    expect(await app.row(first.sessionId)).toMatchObject({ revokedAt: null });
    app.clock.advance({ seconds: 1 });
    await app.loggedIn();
    expect(await app.row(first.sessionId)).toMatchObject({ revokedReason: 'session_limit' });
    expect(await app.auth.listSessions('1')).toHaveLength(100);
  });

  it('that is switched off moves no login to a later time', async () => {
    const app = inMemoryApp({ options: { maxSessionsPerUser: false } });
    for (let i = 0; i < 3; i += 1) {
      const { sessionId } = await app.loggedIn();
      expect(await app.row(sessionId)).toMatchObject({ createdAt: app.clock.now() });
    }
  });

  it('can be switched off, and the list ends after a thousand', async () => {
    const app = inMemoryApp({ options: { maxSessionsPerUser: false } });
    for (let i = 0; i < 1001; i += 1) await app.loggedIn();
    expect(await app.store.listActive('1', app.clock.now(), 2000)).toHaveLength(1001);
    expect(await app.auth.listSessions('1')).toHaveLength(1000);
  });

  it('that was introduced later is reached login by login, and no login ends too many', async () => {
    const store = new MemoryRefreshTokenStore();
    const before = inMemoryApp({ store, options: { maxSessionsPerUser: false } });
    for (let i = 0; i < 50; i += 1) await before.loggedIn();
    const app = inMemoryApp({ store, options: { maxSessionsPerUser: 3 } });
    app.clock.advance({ seconds: 1 });
    const left = [];
    for (let i = 0; i < 4; i += 1) {
      await app.loggedIn();
      left.push((await app.auth.listSessions('1')).length);
    }
    expect(left).toEqual([31, 12, 3, 3]);
  });

  it('keeps the same ones, whichever of several simultaneous logins checks', async () => {
    const app = inMemoryApp({ options: { maxSessionsPerUser: 2 } });
    const userId = await app.userDirectory.add('ada');
    await Promise.all(Array.from({ length: 10 }, () => app.auth.loginAs(userId)));
    expect(await app.auth.listSessions(userId)).toHaveLength(2);
  });

  it.each([
    ['by a second', { seconds: -1 }],
    ['by an hour', { hours: -1 }],
  ])('never lets a login end itself after the clock was set back %s', async (_what, back) => {
    const app = inMemoryApp({ options: { maxSessionsPerUser: 1 } });
    let latest = await app.loggedIn();
    app.clock.jump(back);
    for (let i = 0; i < 3; i += 1) {
      const before = latest;
      latest = await app.loggedIn();
      expect(await app.row(before.sessionId)).toMatchObject({ revokedReason: 'session_limit' });
      expect(await codeOf(app.auth.refresh(latest.token))).toBe('in');
    }
  });

  it('ends the oldest if the instances’ clocks differ, whichever of them handles the login', async () => {
    const store = new MemoryRefreshTokenStore();
    const options = { maxSessionsPerUser: 2 };
    const [ahead, behind] = [inMemoryApp({ store, options }), inMemoryApp({ store, options })];
    behind.clock.jump({ seconds: -58 });
    for (const { userDirectory } of [ahead, behind]) await userDirectory.add('ada');
    const ids = [];
    for (const app of [ahead, behind, behind, ahead, behind, ahead]) {
      for (const { clock } of [ahead, behind]) clock.advance({ seconds: 1 });
      ids.push((await app.auth.loginAs('1')).sessionId);
      const live = await behind.auth.listSessions('1');
      expect(live.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 2));
    }
  });

  it('is kept exactly by simultaneous logins on two instances with different clocks', async () => {
    const store = new MemoryRefreshTokenStore();
    const options = { maxSessionsPerUser: 3 };
    const apps = [inMemoryApp({ store, options }), inMemoryApp({ store, options })];
    apps[1]!.clock.jump({ seconds: -20 });
    for (const { userDirectory } of apps) await userDirectory.add('ada');
    for (let round = 0; round < 3; round += 1) {
      const logins = Array.from({ length: 12 }, (_, i) => apps[i % 2]!.auth.loginAs('1'));
      await Promise.all(logins);
      expect(await apps[1]!.auth.listSessions('1')).toHaveLength(3);
    }
  });
});
