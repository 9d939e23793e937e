import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { DAY, MOMENTS, NOW, THOUSANDS, put, putMany } from './sample-sessions.js';
import type { StoreCases } from './store-case.js';

export const revokedSinceCases: StoreCases = {
  'Returns the id and `revokedAt` of every session revoked at or after `since`, however many, each once.':
    returnsAll,
  "Returns no session that was revoked earlier, and none that isn't revoked.": returnsNoOther,
  'Returns them however long ago they were created, used or expired: a late response may have issued a token since.':
    returnsOldOnes,
  'Returns the same to every caller, as often as it is called.': returnsThemAgain,
};

async function momentsOf(store: RefreshTokenStore, since: number): Promise<Map<string, number>> {
  const ended = await store.revokedSince(since);
  const byId = new Map(ended.map(({ id, revokedAt }) => [id, revokedAt]));
  assert.equal(byId.size, ended.length, 'a session is returned twice');
  return byId;
}

async function returnsAll(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    const moments = [now, now + 1, now + 7 * DAY];
    const sessions = await Promise.all(
      moments.map(async (revokedAt) => put(store, { revokedAt, revokedReason: 'logout' }, now)),
    );
    const byId = await momentsOf(store, now);
    for (const { id, revokedAt } of sessions) assert.equal(byId.get(id), revokedAt);
  }
  const [first] = await putMany(store, 1, { revokedAt: 1, revokedReason: 'logout' });
  assert.equal((await momentsOf(store, 0)).get(first!.id), 1);
  const many = await putMany(store, THOUSANDS, {
    revokedAt: NOW + DAY,
    revokedReason: 'everything',
  });
  const byId = await momentsOf(store, NOW + DAY);
  assert.equal(many.filter(({ id }) => byId.get(id) === NOW + DAY).length, THOUSANDS);
}

async function returnsNoOther(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    const earlier = await put(store, { revokedAt: now - 1, revokedReason: 'logout' }, now);
    const live = await put(store, { rotatedAt: now, createdAt: now }, now);
    const expired = await put(store, { expiresAt: now, absoluteExpiresAt: now }, now);
    const byId = await momentsOf(store, now);
    for (const { id } of [earlier, live, expired]) assert.equal(byId.has(id), false);
  }
  // Compared as numbers, not as text.
  const longAgo = await put(store, { revokedAt: 999_999_999_999, revokedReason: 'logout' });
  assert.equal((await momentsOf(store, 1_000_000_000_000)).has(longAgo.id), false);
}

async function returnsOldOnes(store: RefreshTokenStore): Promise<void> {
  const revoked = { revokedAt: NOW, revokedReason: 'revoked' as const };
  const longAgo = NOW - 400 * DAY;
  const sessions = [
    await put(store, { ...revoked, createdAt: longAgo }),
    await put(store, { ...revoked, createdAt: longAgo, rotatedAt: longAgo }),
    await put(store, { ...revoked, rotatedAt: NOW + DAY }),
    await put(store, { ...revoked, expiresAt: longAgo }),
    await put(store, { ...revoked, expiresAt: longAgo, absoluteExpiresAt: longAgo }),
  ];
  const byId = await momentsOf(store, NOW);
  for (const { id } of sessions) assert.equal(byId.get(id), NOW);
}

async function returnsThemAgain(store: RefreshTokenStore): Promise<void> {
  const first = await put(store, { revokedAt: NOW + 1, revokedReason: 'logout' });
  assert.ok((await momentsOf(store, NOW)).has(first.id));
  const second = await put(store, { revokedAt: NOW, revokedReason: 'logout' });
  const byId = await momentsOf(store, NOW);
  assert.ok(byId.has(second.id), 'one that was put in later, with an earlier moment');
  assert.ok(byId.has(first.id), 'one that was returned before');
}
