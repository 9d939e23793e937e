import { describe, expect, it } from '@jest/globals';
import type { Rotation } from '../../../src/sessions/refresh-token-store.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { inMemoryApp, claimsOf, refusedWith, refusalOf } from '../in-memory-app.js';

describe('a rotation whose response was lost in an outage', () => {
  /** Commits rotations, and reports a failure while the test wants one. */
  class Flaky extends MemoryRefreshTokenStore {
    isDown = false;

    override async rotate(rotation: Rotation): Promise<boolean> {
      const rotated = await super.rotate(rotation);
      if (this.isDown) throw new Error('connection lost');
      return rotated;
    }
  }

  async function afterAnOutageOf(span: { minutes: number }) {
    const store = new Flaky();
    const app = inMemoryApp({ store });
    const ada = await app.loggedIn();
    app.clock.advance({ minutes: 1 });
    const refresh = (token: string) => app.auth.refresh(token);
    store.isDown = true;
    const refusal = await refusalOf(refresh(ada.token));
    expect(refusal).toMatchObject({ code: 'store_unavailable', sessionEnded: false });
    store.isDown = false;
    app.clock.advance(span);
    return { app, ada, refresh };
  }

  it('is repaired by the retry, however long the outage was', async () => {
    const { app, ada, refresh } = await afterAnOutageOf({ minutes: 10 });
    app.takeEvents();
    const { refreshToken } = await refresh(ada.token);
    expect(claimsOf(refreshToken!.token)).toMatchObject({ gen: 1 });
    expect(app.takeEvents()).toMatchObject([{ type: 'replayed' }]);
  });

  it('starts its leeway with the first response: within it a replay, after it theft', async () => {
    const { app, ada, refresh } = await afterAnOutageOf({ minutes: 10 });
    const first = await refresh(ada.token);
    app.clock.advance({ seconds: 29 });
    expect(claimsOf((await refresh(ada.token)).refreshToken!.token).jti).toBe(
      claimsOf(first.refreshToken!.token).jti,
    );
    app.clock.advance({ seconds: 1 });
    expect((await refusedWith(refresh(ada.token))).code).toBe('refresh_reused');
  });

  it('keeps the session from rotating within that leeway, so that a second tab finds its token', async () => {
    const { app, ada, refresh } = await afterAnOutageOf({ minutes: 10 });
    const first = (await refresh(ada.token)).refreshToken!;
    app.clock.advance({ seconds: 1 });
    expect((await refresh(first.token)).refreshToken).toBeNull();
    app.clock.advance({ seconds: 1 });
    const { refreshToken } = await refresh(ada.token);
    expect(claimsOf(refreshToken!.token).jti).toBe(claimsOf(first.token).jti);
    app.clock.advance({ seconds: 28 });
    expect(claimsOf((await refresh(first.token)).refreshToken!.token)).toMatchObject({ gen: 2 });
  });

  it('does not hide the end of its session from any guard, though the row rotated long before', async () => {
    const { app, ada, refresh } = await afterAnOutageOf({ minutes: 40 });
    const other = inMemoryApp({ store: app.store });
    other.clock.advance({ minutes: 41 });
    const { accessToken } = await refresh(ada.token);
    expect(Number(claimsOf(accessToken).exp) * 1000).toBeGreaterThan(app.clock.now() + 800_000);

    app.clock.advance({ minutes: 1 });
    other.clock.advance({ minutes: 1 });
    expect(await app.auth.revokeAllForUser(ada.userId)).toBe(1);
    for (const { feed, clock } of [app, other]) {
      await feed.poll();
      clock.advance({ minutes: 10 });
      await feed.poll();
      expect(feed.isRevoked(ada.sessionId)).toBe(true);
    }
    const restarted = inMemoryApp({ store: app.store });
    restarted.clock.advance({ minutes: 52 });
    await restarted.feed.poll();
    expect(restarted.feed.isRevoked(ada.sessionId)).toBe(true);
  });
});
