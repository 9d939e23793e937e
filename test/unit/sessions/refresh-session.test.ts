import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_CLIENT } from '../../../src/events/client-info.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { REFRESH_SECRET } from '../../harness/test-secrets.js';
import {
  inMemoryApp,
  claimsOf,
  refusedWith,
  refusalOf,
  type AppOptions,
} from '../in-memory-app.js';

const DAY = 24 * 3_600_000;
const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const LAPTOP = { ip: '192.0.2.2', userAgent: 'Laptop/1.0' };
const ENDED = 'The session was ended. Log in again.';

/** An app with somebody logged in, a minute later. */
async function aMinuteIn(given: AppOptions = {}) {
  const app = inMemoryApp(given);
  const ada = await app.loggedIn();
  app.clock.advance({ minutes: 1 });
  const refresh = (token: string, client = PHONE) => app.auth.refresh(token, client);
  return { app, ada, refresh };
}

describe('a refresh that rotates', () => {
  it('returns both tokens, of the same session, and causes an event', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    const { refreshToken, accessToken, ...rest } = await refresh(ada.token);

    const { userId, sessionId } = ada;
    expect(rest).toEqual({ userId, sessionId, expiresIn: 900 });
    expect(claimsOf(accessToken)).toMatchObject({ sub: userId, sid: sessionId, username: 'ada' });
    const now = app.clock.now();
    expect(refreshToken!.expiresAt).toBe(now + 7 * DAY + 500);
    expect(claimsOf(refreshToken!.token)).toMatchObject({
      sub: userId,
      sid: sessionId,
      gen: 1,
      iat: Math.floor(now / 1000),
      exp: refreshToken!.expiresAt / 1000,
      abs: claimsOf(ada.token).abs,
    });
    expect(app.takeEvents()).toEqual([
      { type: 'rotated', userId, sessionId, generation: 0, ...PHONE },
    ]);
  });

  it('writes the time and the client, and keeps what the login wrote', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    const before = await app.row(ada.sessionId);
    const { refreshToken } = await refresh(ada.token);

    expect(await app.row(ada.sessionId)).toEqual({
      ...before,
      ...PHONE,
      generation: 1,
      tokenHash: expect.not.stringMatching(before.tokenHash),
      rotatedAt: app.clock.now(),
      expiresAt: refreshToken!.expiresAt,
    });
  });

  it('in the last days expires with the session, and so does the access token of its last minutes', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    let { token } = ada;
    for (let i = 0; i < 5; i += 1) {
      app.clock.advance({ days: i < 4 ? 6 : 5 });
      token = (await refresh(token)).refreshToken!.token;
    }
    const { absoluteExpiresAt, expiresAt } = await app.row(ada.sessionId);
    expect(expiresAt).toBe(absoluteExpiresAt);
    app.clock.advance({ ms: absoluteExpiresAt - app.clock.now() - 60_000 });
    expect(await refresh(token)).toMatchObject({ expiresIn: 60, refreshToken: { expiresAt } });
  });
});

describe('the current token, presented again within the leeway,', () => {
  it('gets an access token and no cookie, and is renewed', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    const { refreshToken } = await refresh(ada.token);
    app.takeEvents();
    const row = await app.row(ada.sessionId);
    app.clock.advance({ seconds: 29 });

    const { accessToken, ...renewal } = await refresh(refreshToken!.token, LAPTOP);
    const { userId, sessionId } = ada;
    expect(renewal).toEqual({ userId, sessionId, expiresIn: 900, refreshToken: null });
    expect(claimsOf(accessToken)).toMatchObject({ sub: userId, sid: sessionId });
    expect(app.takeEvents()).toEqual([
      { type: 'renewed', userId, sessionId, generation: 1, ...LAPTOP },
    ]);
    expect(await app.row(sessionId)).toEqual(row);
  });

  it('rotates on every use if the leeway is 0', async () => {
    const refreshToken = { secret: REFRESH_SECRET, leeway: 0 };
    const { ada, refresh } = await aMinuteIn({ options: { refreshToken } });
    const first = await refresh(ada.token);
    const second = await refresh(first.refreshToken!.token);
    expect(claimsOf(second.refreshToken!.token)).toMatchObject({ gen: 2 });
  });
});

describe('with a leeway of 0, the current token', () => {
  it('rotates even on an instance whose clock is behind the one that rotated last', async () => {
    const refreshToken = { secret: REFRESH_SECRET, leeway: 0 };
    const { app, ada, refresh } = await aMinuteIn({ options: { refreshToken } });
    const first = await refresh(ada.token);
    app.clock.advance({ seconds: -5 });
    const second = await refresh(first.refreshToken!.token);
    expect(claimsOf(second.refreshToken!.token)).toMatchObject({ gen: 2 });
  });
});

describe('the predecessor, presented within the leeway,', () => {
  it('gets the same response as the winner, at any time', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    const winner = await refresh(ada.token);
    app.takeEvents();
    app.clock.advance({ seconds: 29 });

    const again = await refresh(ada.token, LAPTOP);
    expect(again.refreshToken).toEqual(winner.refreshToken);
    expect(claimsOf(again.accessToken)).toMatchObject({ iat: Math.floor(app.clock.now() / 1000) });
    const { userId, sessionId } = ada;
    expect(again).toMatchObject({ userId, sessionId, expiresIn: 900 });
    expect(app.takeEvents()).toEqual([
      { type: 'replayed', userId, sessionId, generation: 0, ...LAPTOP },
    ]);
  });

  it('is theft once the leeway has ended: the session ends, and the log names both clients', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    const { refreshToken } = await refresh(ada.token);
    app.takeEvents();
    app.clock.advance({ seconds: 30 });

    expect(await refusedWith(refresh(ada.token, LAPTOP))).toEqual({
      code: 'refresh_reused',
      sessionEnded: true,
      message:
        'This refresh token was used before. In case it was stolen, the session is ended. Log in again.',
    });
    const { userId, sessionId } = ada;
    const reason = 'reuse';
    expect(app.takeEvents()).toEqual([
      { type: 'session_revoked', reason, userId, sessionId, count: 1 },
      {
        type: 'reuse_detected',
        userId,
        sessionId,
        generation: 0,
        currentGeneration: 1,
        lastRefresh: PHONE,
        ...LAPTOP,
      },
    ]);
    expect(app.feed.isRevoked(sessionId)).toBe(true);
    expect(await refusedWith(refresh(refreshToken!.token))).toEqual({
      code: 'session_revoked',
      sessionEnded: true,
      message: ENDED,
    });
  });
});

describe('one theft', () => {
  it('is one alarm, however many tabs cause it, and all of them are refused', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    await refresh(ada.token);
    app.clock.advance({ seconds: 30 });
    app.takeEvents();
    const codes = await Promise.all(
      Array.from({ length: 20 }, async () => (await refusedWith(refresh(ada.token))).code),
    );
    expect(new Set(codes)).toEqual(new Set(['refresh_reused']));
    const alarms = new Set(['reuse_detected', 'session_revoked']);
    const raised = app.takeEvents().filter(({ type }) => alarms.has(type));
    expect(raised.map(({ type }) => type)).toEqual(['session_revoked', 'reuse_detected']);
  });
});

describe('a refresh is refused', () => {
  it('without harm to the cookie, if the session never existed here', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    await app.store.revoke('everything', 'everything', app.clock.now());
    await app.store.deleteEnded(app.clock.now() + 1, 10);
    const { code, sessionEnded } = await refusedWith(refresh(ada.token));
    expect([code, sessionEnded]).toEqual(['refresh_invalid', false]);
  });

  it('as expired, if it was deleted after its expiry and one leeway', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    await app.store.revoke('everything', 'everything', app.clock.now());
    await app.store.deleteEnded(app.clock.now() + 1, 10);
    app.clock.advance({ ms: ada.refreshToken.expiresAt + 30_000 - 1 - app.clock.now() });
    expect((await refusedWith(refresh(ada.token))).code).toBe('refresh_invalid');
    app.clock.advance({ ms: 1 });
    const { code, sessionEnded } = await refusedWith(refresh(ada.token));
    expect([code, sessionEnded]).toEqual(['refresh_expired', true]);
  });

  it('as expired, if the row has expired', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    app.clock.advance({ ms: ada.refreshToken.expiresAt - app.clock.now() });
    expect(await refusedWith(refresh(ada.token))).toEqual({
      code: 'refresh_expired',
      sessionEnded: true,
      message: 'The session has expired. Log in again.',
    });
  });

  it('without harm to the cookie, if a backup restored an older row', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    const before = await app.row(ada.sessionId);
    const { refreshToken } = await refresh(ada.token);
    await app.store.revoke('everything', 'everything', app.clock.now());
    await app.store.deleteEnded(app.clock.now() + 1, 10);
    await app.store.insert(before);
    const { code, sessionEnded } = await refusedWith(refresh(refreshToken!.token));
    expect([code, sessionEnded]).toEqual(['refresh_invalid', false]);
    expect(await app.row(ada.sessionId)).toEqual(before);
  });

  it('without harm to the cookie of a login that overtook it', async () => {
    const { app, ada, refresh } = await aMinuteIn();
    await app.auth.loginAs(ada.userId, UNKNOWN_CLIENT, [ada.token]);
    expect(await refusedWith(refresh(ada.token))).toEqual({
      code: 'session_revoked',
      sessionEnded: false,
      message: ENDED,
    });
  });

  it('for a moment, if the row changes meanwhile in a way that no rotation makes', async () => {
    class Restless extends MemoryRefreshTokenStore {
      override async rotate(): Promise<boolean> {
        return false;
      }
    }
    const store = new Restless();
    const { app, ada, refresh } = await aMinuteIn({ store });
    const refusal = await refusalOf(refresh(ada.token));
    expect(refusal).toMatchObject({ code: 'busy', retryAfter: 1, sessionEnded: false });
    expect(refusal.message).toBe('The session is being changed. Try again.');
    expect(app.takeEvents()).toMatchObject([{ type: 'refused', code: 'busy', userId: '1' }]);
  });

  it.each([
    ['gone', null],
    ['disabled', { disabled: true }],
  ])('if the user is %s, and all sessions of the user end', async (_what, change) => {
    const { app, ada, refresh } = await aMinuteIn();
    const other = await app.loggedIn();
    const eve = await app.loggedIn('eve');
    if (change === null) app.userDirectory.byId.delete(ada.userId);
    else app.userDirectory.change(ada.userId, change);

    expect(await refusedWith(refresh(ada.token))).toEqual({
      code: 'session_revoked',
      sessionEnded: true,
      message: ENDED,
    });
    expect(app.takeEvents()).toEqual([
      {
        type: 'session_revoked',
        reason: 'user_gone',
        userId: ada.userId,
        sessionId: null,
        count: 2,
      },
      {
        type: 'refused',
        code: 'session_revoked',
        where: 'refresh',
        userId: ada.userId,
        sessionId: ada.sessionId,
        username: null,
        suppressed: 0,
        ...PHONE,
      },
    ]);
    expect([ada, other, eve].map(({ sessionId }) => app.feed.isRevoked(sessionId))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
