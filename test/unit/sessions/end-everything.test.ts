import { describe, expect, it } from '@jest/globals';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { codeOf, inMemoryApp } from '../in-memory-app.js';

/** How far the clocks of two instances may differ. */
const APART = 58_000;

/** A store of an app that was written before there were device tokens. */
function storeWithoutDevices() {
  const store = new MemoryRefreshTokenStore();
  return Object.assign(store, { forgetDevices: undefined, devicesForgottenAt: undefined });
}

describe('ending all sessions of a user', () => {
  it('names no session to the store that is spared', async () => {
    const targets: unknown[] = [];
    class Listening extends MemoryRefreshTokenStore {
      override async revoke(...given: Parameters<MemoryRefreshTokenStore['revoke']>) {
        targets.push(given[0]);
        return super.revoke(...given);
      }
    }
    const app = inMemoryApp({ store: new Listening() });
    const { userId } = await app.loggedIn();
    expect(await app.auth.revokeAllForUser(userId)).toBe(1);
    expect(targets).toStrictEqual([{ userId }]);
  });
});

describe('ending all sessions of a user whose id may come in either case', () => {
  it('reports what has ended, where the store fails between the two', async () => {
    const store = new MemoryRefreshTokenStore();
    const app = inMemoryApp({ store });
    const userId = '0af7651916cd43dd8448eb211c80319c';
    await app.userDirectory.add('ada', { id: userId });
    const { sessionId } = await app.loggedIn();
    const revoke = store.revoke.bind(store);
    let calls = 0;
    store.revoke = async (...given) => {
      calls += 1;
      if (calls === 2) throw new Error('gone');
      return revoke(...given);
    };

    expect(await codeOf(app.auth.revokeAllForUser(userId))).toBe('store_unavailable');
    expect(app.takeEvents()).toContainEqual({
      type: 'session_revoked',
      reason: 'revoked',
      userId,
      sessionId: null,
      count: 1,
    });
    expect(app.feed.isRevoked(sessionId)).toBe(true);
  });
});

describe('ending everything', () => {
  it('ends every session of every user at once, and is one event', async () => {
    const app = inMemoryApp();
    const all = [await app.loggedIn(), await app.loggedIn(), await app.loggedIn('eve')];
    expect(await app.auth.revokeEverything()).toBe(3);
    expect(app.takeEvents()).toEqual([
      { type: 'session_revoked', reason: 'everything', userId: null, sessionId: null, count: 3 },
    ]);
    for (const { sessionId, token } of all) {
      expect(app.feed.isRevoked(sessionId)).toBe(true);
      expect(await app.row(sessionId)).toMatchObject({
        revokedAt: app.clock.now(),
        revokedReason: 'everything',
      });
      expect(await codeOf(app.auth.refresh(token))).toBe('session_revoked');
    }
  });

  it('where nobody is logged in ends nothing, but forgets the devices', async () => {
    const app = inMemoryApp();
    expect(await app.auth.revokeEverything()).toBe(0);
    expect(app.takeEvents()).toEqual([]);
    expect(await app.store.devicesForgottenAt!()).toBe(app.clock.now() + APART);
  });

  it.each([
    ['long ago, forgets those of any instance until now', -1, 0],
    ['at that moment, forgets those registered since', 0, 1],
    ['by a clock far ahead, forgets those registered since', 3_600_000, 1],
  ])('again, after the devices were forgotten %s', async (_when, ahead, later) => {
    const app = inMemoryApp();
    const latest = app.clock.now() + APART;
    await app.store.forgetDevices!(latest + ahead);
    await app.auth.revokeEverything();
    const expected = Math.max(latest, latest + ahead + later);
    expect(await app.store.devicesForgottenAt!()).toBe(expected);
  });

  it('ends all sessions too if the store knows no devices', async () => {
    const app = inMemoryApp({ store: storeWithoutDevices() });
    const { sessionId } = await app.loggedIn();
    expect(await app.auth.revokeEverything()).toBe(1);
    expect(app.feed.isRevoked(sessionId)).toBe(true);
  });
});
