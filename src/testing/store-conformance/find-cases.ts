import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { DAY, NOW, THOUSANDS, fresh, put, putMany, stored } from './sample-sessions.js';
import type { StoreCases } from './store-case.js';

export const findCases: StoreCases = {
  'Returns the session of this id with all its fields, or null.': findsOne,
};

async function findsOne(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  const sessions = [
    await put(store, { userId }),
    await put(store, { userId, revokedAt: NOW, revokedReason: 'reuse' }),
    await put(store, { userId, expiresAt: NOW - 400 * DAY, absoluteExpiresAt: NOW - 400 * DAY }),
    await put(store, { userId, generation: 7, ip: '192.0.2.7', userAgent: 'curl' }),
  ];
  for (const session of sessions) assert.deepEqual(await stored(store, session), session);
  assert.equal(await store.find(fresh()), null);
  const many = await putMany(store, THOUSANDS, { userId });
  for (const session of [...sessions, ...many.slice(0, 10), many.at(-1)!]) {
    assert.deepEqual(await stored(store, session), session, 'among thousands');
  }
}
