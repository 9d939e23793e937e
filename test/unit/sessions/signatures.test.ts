import { randomBytes, sign } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AccessKeyInput } from '../../../src/options/auth-options.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { REFRESH_SECRET } from '../../harness/test-secrets.js';
import { inMemoryApp, claimsOf, codeOf } from '../in-memory-app.js';
import { ecKeyPair } from '../tokens/test-keys.js';

let calls = 0;
let isDown = false;

/** A key that is kept elsewhere, so that every signature is a call. */
const kms: AccessKeyInput = {
  algorithm: 'ES256',
  publicKey: ecKeyPair.publicKey,
  sign: async (data) => {
    calls += 1;
    if (isDown) throw new Error('throttled');
    return sign('sha256', data, { key: ecKeyPair.privateKey, dsaEncoding: 'ieee-p1363' });
  },
};

/** Every access token has an id of 16 random bytes, and so has every session. */
const random = {
  bytes: (size: number) => {
    if (size === 16) calls += 1;
    return randomBytes(size);
  },
};

/** A user who logged in a minute ago, and the number of signatures that each refresh costs. */
async function aMinuteIn(options: Parameters<typeof inMemoryApp>[0]) {
  const app = inMemoryApp(options);
  const ada = await app.loggedIn();
  app.clock.advance({ minutes: 1 });
  const refresh = async (token: string) => {
    calls = 0;
    const code = await codeOf(app.auth.refresh(token));
    return { code, calls };
  };
  const rotated = async () => (await app.auth.refresh(ada.token)).refreshToken!.token;
  return { app, ada, refresh, rotated };
}

/** Each test starts with a KMS that works, and errors are not printed. Per group: test/unit/all-at-once.ts runs this file together with others. */
function startWithWorkingKms(): void {
  beforeEach(() => {
    isDown = false;
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
}

describe.each<[string, Parameters<typeof inMemoryApp>[0], number]>([
  ['kept in a KMS', { options: { accessToken: { keys: kms } } }, 0],
  // The token is signed before the UPDATE, which then finds that it was used before.
  ['of this process', { random }, 1],
])('with a key %s, one signature', (_where, options, ofRefused) => {
  startWithWorkingKms();
  it('is made for a rotation, a renewal and a replay', async () => {
    const { ada, refresh, rotated } = await aMinuteIn(options);
    expect(await refresh(ada.token)).toEqual({ code: 'in', calls: 1 });
    expect(await refresh(ada.token)).toEqual({ code: 'in', calls: 1 });
    expect(await refresh(await rotated())).toEqual({ code: 'in', calls: 1 });
  });

  it('at most is made for a token that was used before', async () => {
    const { app, ada, refresh, rotated } = await aMinuteIn(options);
    await rotated();
    app.clock.advance({ minutes: 1 });
    expect(await refresh(ada.token)).toEqual({ code: 'refresh_reused', calls: ofRefused });
  });

  it('is made for each of many simultaneous refreshes, of which one wins', async () => {
    const { app, ada } = await aMinuteIn(options);
    calls = 0;
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => app.auth.refresh(ada.token)),
    );
    expect(new Set(responses.map(({ refreshToken }) => refreshToken!.token)).size).toBe(1);
    expect(calls).toBe(20);
  });
});

describe('with a key of this process, a token that was not rotated costs', () => {
  it.each([
    ['one signature, if an access token lives much shorter than an idle session', '16m', 1],
    ['two, if the one made before the UPDATE outlives the session of the row', '5m', 2],
  ])('%s', async (_what, expiresIn, signatures) => {
    const refreshToken = { secret: REFRESH_SECRET, expiresIn };
    const { app, ada, refresh, rotated } = await aMinuteIn({ random, options: { refreshToken } });
    const successor = await rotated();
    app.clock.advance({ seconds: 29 });
    for (const token of [successor, ada.token]) {
      expect(await refresh(token)).toEqual({ code: 'in', calls: signatures });
      const { exp } = claimsOf((await app.auth.refresh(token)).accessToken);
      expect(Number(exp) * 1000).toBeLessThanOrEqual((await app.row(ada.sessionId)).expiresAt);
    }
  });
});

describe('a key in a KMS', () => {
  startWithWorkingKms();
  const accessToken = { keys: kms };

  it('signs once, and nothing that outlives a session shorter than an access token', async () => {
    const refreshToken = { secret: REFRESH_SECRET, expiresIn: '5m' };
    const { app, ada, refresh, rotated } = await aMinuteIn({
      options: { accessToken, refreshToken },
    });
    const successor = await rotated();
    app.clock.advance({ seconds: 10 });
    for (const token of [successor, ada.token]) {
      expect(await refresh(token)).toEqual({ code: 'in', calls: 1 });
      const { exp } = claimsOf((await app.auth.refresh(token)).accessToken);
      expect(Number(exp) * 1000).toBeLessThanOrEqual((await app.row(ada.sessionId)).expiresAt);
    }
  });

  it.each<[string, string, (scene: Awaited<ReturnType<typeof aMinuteIn>>) => Promise<unknown>]>([
    ['logged out', 'session_revoked', ({ app, ada }) => app.auth.logout(ada.token)],
    [
      'replaced by a login',
      'session_revoked',
      ({ app, ada }) => app.auth.loginAs(ada.userId, undefined, [ada.token]),
    ],
    [
      'used before',
      'refresh_reused',
      async ({ app, rotated }) => {
        await rotated();
        app.clock.advance({ minutes: 1 });
      },
    ],
    ['expired', 'refresh_expired', async ({ app }) => app.clock.advance({ days: 8 })],
    [
      'unknown',
      'refresh_invalid',
      async ({ app }) => {
        await app.store.revoke('everything', 'everything', app.clock.now());
        await app.store.deleteEnded(app.clock.now() + 1, 10);
      },
    ],
    [
      'of a user who was disabled',
      'session_revoked',
      async ({ app, ada }) => app.userDirectory.change(ada.userId, { disabled: true }),
    ],
  ])('signs nothing for a token that is %s', async (_what, code, end) => {
    const scene = await aMinuteIn({ options: { accessToken } });
    await end(scene);
    isDown = true;
    expect(await scene.refresh(scene.ada.token)).toEqual({ code, calls: 0 });
  });

  it('uses up no token if it does not sign', async () => {
    const { app, ada, refresh } = await aMinuteIn({ options: { accessToken } });
    const before = await app.row(ada.sessionId);
    isDown = true;
    expect(await refresh(ada.token)).toEqual({ code: 'busy', calls: 1 });
    expect(await app.row(ada.sessionId)).toEqual(before);
    isDown = false;
    expect(await refresh(ada.token)).toEqual({ code: 'in', calls: 1 });
  });

  it('is not called without limit while the store is down', async () => {
    class Down extends MemoryRefreshTokenStore {
      isDown = false;

      override async find(id: string) {
        if (this.isDown) throw new Error('connection refused');
        return super.find(id);
      }
    }
    const store = new Down();
    const limits = { refresh: { attempts: 2, per: '1m' } };
    const { ada, refresh } = await aMinuteIn({ store, options: { accessToken, limits } });
    store.isDown = true;
    const codes = [];
    for (let i = 0; i < 4; i += 1) codes.push((await refresh(ada.token)).code);
    const down = 'store_unavailable';
    expect(codes).toEqual([down, down, down, 'too_many_attempts']);
  });
});
