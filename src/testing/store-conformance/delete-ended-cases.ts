import assert from 'node:assert/strict';
import type {
  EndedSlice,
  RefreshTokenStore,
  SessionRow,
} from '../../sessions/refresh-token-store.js';
import {
  DAY,
  LEEWAY,
  MOMENTS,
  NOW,
  deleteAll,
  fieldsOf,
  fresh,
  put,
  putMany,
  rotationOf,
  stored,
} from './sample-sessions.js';
import { atEachMomentOn, type InTurn } from './moments-between.js';
import { pairOn, pairsOn, type Pair } from './second-store.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const deleteEndedCases: StoreCases = {
  'Deletes sessions whose `absoluteExpiresAt` or `revokedAt` is earlier than `before`, and no other.':
    deletesEnded,
  'Deletes at most `limit` sessions, and returns how many it found and how many it deleted.':
    deletesAtMost,
  'Finds fewer than `limit` only where it leaves none behind.': leavesNone,
  'Of several calls at once each session counts as deleted for exactly one.': countsOnce,
  'Leaves nothing of a session that it deletes: no other call of the same moment brings a part of it back.':
    leavesNoPart,
};

const endedAt = (moment: number): Partial<SessionRow>[] => [
  { absoluteExpiresAt: moment, expiresAt: moment },
  { revokedAt: moment, revokedReason: 'logout' },
];

/** Only these two: a store may return more properties. */
const countsOf = ({ found, deleted }: EndedSlice): EndedSlice => ({ found, deleted });

async function left(store: RefreshTokenStore, sessions: SessionRow[]): Promise<number> {
  const rows = await Promise.all(sessions.map(async ({ id }) => store.find(id)));
  return rows.filter((row) => row !== null).length;
}

async function deletesEnded(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    const before = now - DAY;
    await deleteAll(store, before);
    const ended = [
      ...endedAt(before - 1),
      { ...endedAt(before - 1)[0], revokedAt: before, revokedReason: 'logout' as const },
      { ...endedAt(before)[0], revokedAt: before - 1, revokedReason: 'logout' as const },
    ];
    const kept: Partial<SessionRow>[] = [
      {},
      ...endedAt(before),
      ...endedAt(now),
      { createdAt: before - DAY, rotatedAt: before - DAY, expiresAt: before - 1 },
    ];
    const gone = await Promise.all(ended.map(async (values) => put(store, values, now)));
    const stay = await Promise.all(kept.map(async (values) => put(store, values, now)));
    const slice = await store.deleteEnded(before, 500);
    assert.deepEqual(countsOf(slice), { found: gone.length, deleted: gone.length });
    for (const { id } of gone) assert.equal(await store.find(id), null);
    for (const session of stay) assert.deepEqual(await stored(store, session), session);
  }
  await leavesTheLive(store);
  // Compared as numbers, not as text.
  const early = await put(store, endedAt(5000)[1], 5000);
  await store.deleteEnded(600, 500);
  assert.deepEqual(await stored(store, early), early);
  await store.deleteEnded(1_000_000, 500);
  assert.equal(await store.find(early.id), null);
}

/** Whatever index a store keeps for a user's sessions, ended ones or all, is correct after a purge too. */
async function leavesTheLive(store: RefreshTokenStore): Promise<void> {
  const before = NOW - DAY;
  await store.revoke('everything', 'everything', NOW);
  for (const values of endedAt(before - DAY)) {
    const userId = fresh();
    const ended = await put(store, { userId, ...values });
    const [one, two] = [await put(store, { userId }), await put(store, { userId })];
    const revoked = await put(store, { userId, revokedAt: NOW, revokedReason: 'logout' });
    const another = await put(store, {});
    await deleteAll(store, before);
    assert.equal(await store.find(ended.id), null);
    const listed = (await store.listActive(userId, NOW, 10)).map(({ id }) => id);
    assert.deepEqual(listed.toSorted(), [one.id, two.id].toSorted(), 'listActive after a purge');
    const isReturned = (await store.revokedSince(NOW)).some(({ id }) => id === revoked.id);
    assert.ok(isReturned, 'revokedSince after a purge');
    const others = { userId, exceptId: one.id };
    assert.equal(await store.revoke(others, 'logout_all', NOW), 1, 'revoke after a purge');
    assert.equal(await store.revoke({ userId }, 'logout_all', NOW), 1, 'revoke after a purge');
    assert.equal(await store.revoke('everything', 'everything', NOW), 1, 'revoke after a purge');
    assert.notEqual((await stored(store, another)).revokedAt, null);
  }
}

async function deletesAtMost(store: RefreshTokenStore): Promise<void> {
  const before = NOW - DAY;
  await deleteAll(store, before);
  const [expired, revoked] = endedAt(before - DAY);
  for (const kinds of [
    [expired, expired, expired, expired, expired],
    [revoked, revoked, revoked, revoked, revoked],
    [expired, revoked, revoked, expired, revoked],
  ]) {
    await put(store);
    const sessions = await Promise.all(kinds.map(async (values) => put(store, values)));
    for (const [count, remaining] of [
      [2, 3],
      [2, 1],
      [1, 0],
      [0, 0],
    ]) {
      const slice = await store.deleteEnded(before, 2);
      assert.deepEqual(countsOf(slice), { found: count, deleted: count });
      assert.equal(await left(store, sessions), remaining, 'sessions left');
    }
  }
}

/** As many as the module requests. */
const SLICE = 500;

/** Two calls find the same sessions: the one that deletes fewer must not report that there was nothing to find. */
async function leavesNone(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const before = NOW - DAY;
  await deleteAll(store, before);
  const [expired, revoked] = endedAt(before - DAY);
  const pairs = await pairsOn(store, openStore);
  const rounds = pairs.flatMap((pair) => [expired, revoked].map((values) => ({ pair, values })));
  for (const { pair, values } of rounds) {
    const live = [await put(store), await put(store), await put(store)];
    const sessions = await Promise.all(Array.from({ length: 6 }, async () => put(store, values)));
    const slices = await Promise.all(pair.map(async (each) => each.deleteEnded(before, 2)));
    assert.ok((await left(store, sessions)) >= 2);
    for (const { found } of slices) assert.equal(found, 2, 'found, while there are more');
    await deleteAll(store, before);
    assert.equal(await left(store, sessions), 0, 'sessions left though fewer were found');
    assert.equal(await left(store, live), live.length, 'live sessions left');
  }
  await putMany(store, SLICE + 1, expired!);
  for (const count of [SLICE, 1, 0]) {
    const slice = await store.deleteEnded(before, SLICE);
    assert.deepEqual(countsOf(slice), { found: count, deleted: count });
  }
}

async function countsOnce(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const stores = await pairOn(store, openStore);
  const before = NOW - DAY;
  for (const values of endedAt(before - DAY)) {
    await deleteAll(store, before);
    const sessions = await Promise.all(Array.from({ length: 8 }, async () => put(store, values)));
    const slices = await Promise.all(
      [0, 1, 0, 1].map(async (index) => stores[index]!.deleteEnded(before, 8)),
    );
    const deleted = slices.reduce((sum, slice) => sum + slice.deleted, 0);
    assert.equal(deleted, sessions.length, 'deleted by all calls together');
    assert.equal(await left(store, sessions), 0, 'sessions left');
  }
}

type Use = (store: RefreshTokenStore, session: SessionRow) => Promise<unknown>;

/** Calls of an instance for which the session is still alive, or just ends. */
const USES: Record<string, Use> = {
  rotate: async (store, session) => store.rotate(rotationOf(session, LEEWAY, NOW - 3 * DAY)),
  'revoke by id': async (store, { id }) => store.revoke({ id }, 'logout', NOW - 3 * DAY),
  'revoke by userId': async (store, { userId }) =>
    store.revoke({ userId }, 'logout_all', NOW - 3 * DAY),
  'revoke of everything': async (store) => store.revoke('everything', 'everything', NOW - 3 * DAY),
};

async function leavesNoPart(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const before = NOW - DAY;
  await store.revoke('everything', 'everything', before);
  await deleteAll(store, NOW + 1000 * DAY);
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    for (const [method, use] of Object.entries(USES)) {
      for (const isUsedFirst of [true, false]) {
        const session = await put(store, { absoluteExpiresAt: before - 1, expiresAt: before - 1 });
        const used = async () => use(one, session);
        const deleted = async () => two.deleteEnded(before, 500);
        await (isUsedFirst ? inTurn(used, deleted) : inTurn(deleted, used));
        await isGone(store, session, `after ${method} beside deleteEnded`);
      }
    }
    await isNeverFoundInPart(store, [one, two], inTurn);
  });
}

async function isGone(store: RefreshTokenStore, session: SessionRow, when: string): Promise<void> {
  const { id, userId } = session;
  assert.equal(await store.find(id), null, `find ${when}`);
  assert.deepEqual(await store.listActive(userId, 0, 10), [], `listActive ${when}`);
  const revoked = await store.revokedSince(0);
  assert.ok(!revoked.some((each) => each.id === id), `revokedSince ${when}`);
  assert.equal(await store.revoke({ userId }, 'logout_all', NOW), 0, `revoke by userId ${when}`);
  assert.equal(await store.revoke({ id }, 'logout', NOW), 0, `revoke by id ${when}`);
  const slice = countsOf(await store.deleteEnded(NOW - DAY, 500));
  assert.deepEqual(slice, { found: 0, deleted: 0 }, `deleteEnded ${when}`);
}

async function isNeverFoundInPart(
  store: RefreshTokenStore,
  [one, two]: Pair,
  inTurn: InTurn,
): Promise<void> {
  const session = await put(store, endedAt(NOW - 2 * DAY)[0]);
  const [, found] = await inTurn(
    async () => two.deleteEnded(NOW - DAY, 500),
    async () => one.find(session.id),
  );
  if (found !== null) assert.deepEqual(fieldsOf(found), session, 'find beside deleteEnded');
}
