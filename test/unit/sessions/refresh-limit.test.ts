import { describe, expect, it } from '@jest/globals';
import { inMemoryApp, refusalOf, refusedWith, type AppOptions } from '../in-memory-app.js';

/** An app with a user who logged in a minute ago. */
async function aMinuteIn(given: AppOptions = {}) {
  const app = inMemoryApp(given);
  const ada = await app.loggedIn();
  app.clock.advance({ minutes: 1 });
  const refresh = (token: string) =>
    app.auth.refresh(token, { ip: '192.0.2.1', userAgent: 'Phone/1.0' });
  return { app, ada, refresh };
}

describe('a session that refreshes without end', () => {
  const limits = { refresh: { attempts: 2, per: '1m' } } as const;

  it('gets a 429 with the time to wait; rotations are not counted', async () => {
    const { ada, refresh } = await aMinuteIn({ options: { limits } });
    const { refreshToken } = await refresh(ada.token);
    for (let i = 0; i < 3; i += 1) await refresh(refreshToken!.token);
    const refusal = await refusalOf(refresh(refreshToken!.token));
    expect(refusal.code).toBe('too_many_attempts');
    expect(refusal.retryAfter).toBeGreaterThan(0);
    expect(refusal.retryAfter).toBeLessThanOrEqual(60);
  });

  it('with one generation hides no other: a superseded one is still detected', async () => {
    const { app, ada, refresh } = await aMinuteIn({ options: { limits } });
    const { refreshToken } = await refresh(ada.token);
    for (let i = 0; i < 3; i += 1) await refresh(refreshToken!.token);
    app.clock.advance({ minutes: 1 });
    expect((await refusedWith(refresh(ada.token))).code).toBe('refresh_reused');
  });

  it('keeps no other session waiting', async () => {
    const { app, ada, refresh } = await aMinuteIn({ options: { limits } });
    const other = await app.loggedIn();
    for (let i = 0; i < 4; i += 1) await refresh(ada.token);
    expect((await refusalOf(refresh(ada.token))).code).toBe('too_many_attempts');
    expect((await refresh(other.token)).refreshToken).not.toBeNull();
  });

  it('gets a 429 too if its tokens can’t be signed', async () => {
    const { app, ada, refresh } = await aMinuteIn({ options: { limits } });
    app.userDirectory.change(ada.userId, { claims: { much: 'x'.repeat(20_000) } });
    for (let i = 0; i < 3; i += 1) {
      await expect(refresh(ada.token)).rejects.toThrow(/fewer or shorter claims/);
    }
    expect((await refusalOf(refresh(ada.token))).code).toBe('too_many_attempts');
  });

  it('is not limited if its tokens can’t be signed and the app limits by itself', async () => {
    const { app, ada, refresh } = await aMinuteIn({ options: { limits: false } });
    app.userDirectory.change(ada.userId, { claims: { much: 'x'.repeat(20_000) } });
    await expect(refresh(ada.token)).rejects.toThrow(/fewer or shorter claims/);
  });

  it('is not limited if the app limits by itself', async () => {
    const { ada, refresh } = await aMinuteIn({ options: { limits: false } });
    for (let i = 0; i < 20; i += 1) expect(await refresh(ada.token)).toBeDefined();
  });
});
