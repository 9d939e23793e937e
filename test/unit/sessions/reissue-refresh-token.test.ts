import { describe, expect, it } from '@jest/globals';
import type { Rotation } from '../../../src/sessions/refresh-token-store.js';
import { ReissueRefreshToken } from '../../../src/sessions/reissue-refresh-token.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { RefreshTokens } from '../../../src/tokens/refresh-tokens.js';
import { TokenSigner } from '../../../src/tokens/token-signer.js';
import { codeOf, inMemoryApp, refusalOf } from '../in-memory-app.js';

const NEW_HASH = 'the hash of the new password';

/** A store in which another instance rotates a session, so many times, just before it is replaced here. */
class Overtaken extends MemoryRefreshTokenStore {
  overtakings = 0;
  writes = 0;

  override async rotate(rotation: Rotation) {
    this.writes += 1;
    if (this.overtakings > 0) {
      this.overtakings -= 1;
      const generation = rotation.generation + 1;
      const next = { ...rotation.next, generation, tokenHash: `hash of ${generation}` };
      await super.rotate({ ...rotation, next });
    }
    return super.rotate(rotation);
  }
}

/** Somebody who is logged in, and the part that reissues the token of this session. */
async function loggedIn() {
  const store = new Overtaken();
  const app = inMemoryApp({ store });
  const { clock, settings, keys } = app;
  const signer = new TokenSigner('rt+jwt', keys.refresh);
  const refreshTokens = new RefreshTokens(signer, clock, settings);
  const reissuer = new ReissueRefreshToken({ store, refreshTokens, clock, settings });
  const ada = await app.loggedIn();
  const { userId, sessionId } = ada;
  return {
    app,
    store,
    ada,
    clock,
    reissuer,
    isLive: () => reissuer.isLive(userId, sessionId),
    reissue: () => reissuer.reissue(userId, sessionId, NEW_HASH),
    reissuedBefore: () => reissuer.reissuedBefore(userId, sessionId, NEW_HASH),
  };
}

describe('a reissue', () => {
  it('gives the same token until that is used, and writes it once', async () => {
    const { app, store, reissue, reissuedBefore } = await loggedIn();
    const first = await reissue();
    expect([await reissue(), await reissuedBefore()]).toEqual([first, { token: first }]);
    expect(store.writes).toBe(1);
    app.clock.advance({ seconds: 31 });
    expect(await codeOf(app.auth.refresh(first!.token))).toBe('in');
    expect(await reissuedBefore()).toEqual({ token: null });
  });

  it.each([1, 2, 4])('succeeds although the session was rotated %d times meanwhile', async (n) => {
    const { app, store, ada, reissue } = await loggedIn();
    store.overtakings = n;
    const reissued = await reissue();
    expect(store.writes).toBe(n + 1);
    expect(await codeOf(app.auth.refresh(ada.token))).toBe('refresh_invalid');
    expect(await codeOf(app.auth.refresh(reissued!.token))).toBe('in');
  });

  it('asks the client to try again if the session is rotated each of five times', async () => {
    const { store, reissue } = await loggedIn();
    store.overtakings = 5;
    const refusal = await refusalOf(reissue());
    expect(refusal).toMatchObject({ code: 'busy', retryAfter: 1, sessionEnded: false });
    expect(refusal.message).toBe('The session is being changed. Try again.');
    expect(store.writes).toBe(5);
    expect(await reissue()).not.toBeNull();
  });

  it('is no longer recognized when its token was used more than a thousand times', async () => {
    const { app, reissue, reissuedBefore } = await loggedIn();
    expect(await reissuedBefore()).toBeNull();
    let { token } = (await reissue())!;
    const use = async (times: number) => {
      for (let i = 0; i < times; i += 1) {
        app.clock.advance({ seconds: 31 });
        token = (await app.auth.refresh(token)).refreshToken!.token;
      }
    };
    await use(1000);
    expect(await reissuedBefore()).toEqual({ token: null });
    await use(1);
    expect(await reissuedBefore()).toBeNull();
  });
});

describe('a session gets no other token, and is not live,', () => {
  const ends: [string, (given: Awaited<ReturnType<typeof loggedIn>>) => unknown][] = [
    ['once it was ended', ({ app, ada }) => app.auth.revokeSession(ada.userId, ada.sessionId)],
    [
      'at the moment when it expires',
      ({ clock, ada }) => clock.advance({ ms: ada.refreshToken.expiresAt - clock.now() }),
    ],
  ];

  it.each(ends)('%s', async (_when, end) => {
    const given = await loggedIn();
    await end(given);
    expect(await given.isLive()).toBe(false);
    expect(await given.reissue()).toBeNull();
    expect(await given.reissuedBefore()).toBeNull();
  });

  it.each([
    ['unknown', '1', '0'.repeat(32)],
    ['of somebody else', '2', null],
  ])('if it is %s', async (_what, userId, sessionId) => {
    const { reissuer, ada, store } = await loggedIn();
    const session = sessionId ?? ada.sessionId;
    expect(await reissuer.isLive(userId, session)).toBe(false);
    expect(await reissuer.reissue(userId, session, NEW_HASH)).toBeNull();
    expect(await reissuer.reissuedBefore(userId, session, NEW_HASH)).toBeNull();
    expect(store.writes).toBe(0);
  });

  it('but is live and gets one until a millisecond before it expires', async () => {
    const { clock, ada, isLive, reissue } = await loggedIn();
    clock.advance({ ms: ada.refreshToken.expiresAt - clock.now() - 1 });
    expect(await isLive()).toBe(true);
    expect(await reissue()).not.toBeNull();
  });
});
