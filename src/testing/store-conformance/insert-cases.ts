import assert from 'node:assert/strict';
import type { RefreshTokenStore, SessionRow } from '../../sessions/refresh-token-store.js';
import {
  ADDRESSES,
  DAY,
  GENERATIONS,
  NOW,
  USER_AGENTS,
  fieldsOf,
  fresh,
  put,
  rotationOf,
  sampleSession,
  stored,
} from './sample-sessions.js';
import { atEachMomentOn, queryWhile } from './moments-between.js';
import { pairOn } from './second-store.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const insertCases: StoreCases = {
  'Stores every field as it is, including null and the empty text.': storesEveryField,
  'Rejects an id that is taken, and leaves the session with that id unchanged.': rejectsTaken,
  'Of several inserts of one id at once, exactly one succeeds.': oneSucceeds,
  'Shows the session in full or not at all: whoever finds it can list it, rotate it and revoke it.':
    showsInFull,
};

async function storesEveryField(store: RefreshTokenStore): Promise<void> {
  const samples: Partial<SessionRow>[] = [
    {},
    { ip: '', userAgent: '' },
    ...ADDRESSES.map((ip) => ({ ip })),
    ...USER_AGENTS.map((userAgent) => ({ userAgent })),
    ...GENERATIONS.map((generation) => ({ generation })),
    { revokedAt: NOW - 3, revokedReason: 'session_limit' },
    {
      generation: 1_000_001,
      createdAt: NOW - 5,
      rotatedAt: NOW - 4,
      expiresAt: NOW + 7,
      absoluteExpiresAt: NOW + 11,
      ip: '192.0.2.7',
      userAgent: 'curl',
    },
  ];
  for (const values of samples) {
    const session = await put(store, values);
    assert.deepEqual(await stored(store, session), session);
  }
}

async function rejectsTaken(store: RefreshTokenStore): Promise<void> {
  const holders: Partial<SessionRow>[] = [
    {},
    { generation: 4, ip: '192.0.2.7' },
    { revokedAt: NOW, revokedReason: 'logout' },
    { expiresAt: NOW - 400 * DAY, absoluteExpiresAt: NOW - 400 * DAY },
  ];
  for (const values of holders) {
    const holder = await put(store, values);
    const { id, userId } = holder;
    for (const second of [{ id }, { id, userId }]) {
      await assert.rejects(
        async () => put(store, second),
        'an insert of an id that is taken has to be rejected',
      );
      assert.deepEqual(await stored(store, holder), holder, 'the session that was there first');
    }
    const rejected = fresh();
    await assert.rejects(async () => put(store, { id, userId: rejected }));
    assert.deepEqual(await store.listActive(rejected, NOW, 10), [], 'sessions of who was rejected');
    assert.equal(await store.revoke({ userId: rejected }, 'logout_all', NOW), 0);
    assert.deepEqual(await stored(store, holder), holder, 'after who was rejected logged out');
    await assert.rejects(async () => store.insert({ ...holder }), 'the very same session again');
  }
}

async function oneSucceeds(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const stores = await pairOn(store, openStore);
  const id = fresh();
  const sessions = Array.from({ length: 10 }, () => sampleSession({ id }));
  const inserts = await Promise.allSettled(
    sessions.map(async (session, index) => stores[index % 2]!.insert({ ...session })),
  );
  await isTheWinners(store, sessions, inserts);
  await atEachMomentOn(store, openStore, async (inTurn, pair) => {
    const twins = [sampleSession(), sampleSession()];
    twins[1]!.id = twins[0]!.id;
    const settled = async (index: 0 | 1) =>
      Promise.allSettled([pair[index].insert({ ...twins[index]! })]);
    const results = await inTurn(
      async () => settled(0),
      async () => settled(1),
    );
    await isTheWinners(store, twins, results.flat());
  });
}

async function isTheWinners(
  store: RefreshTokenStore,
  sessions: SessionRow[],
  inserts: PromiseSettledResult<void>[],
): Promise<void> {
  const winners = sessions.filter((_, index) => inserts[index]?.status === 'fulfilled');
  assert.equal(winners.length, 1, 'inserts that succeeded');
  assert.deepEqual(await stored(store, winners[0]!), winners[0]);
}

/** How often a session is looked for while it is inserted. */
const ROUNDS = 10;

async function showsInFull(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const [one, two] = await pairOn(store, openStore);
  for (let round = 0; round < ROUNDS; round += 1) {
    const session = sampleSession({ ip: '192.0.2.7', userAgent: 'curl' });
    await queryWhile(one.insert({ ...session }), async () => isInFull(two, session));
  }
  await atEachMomentOn(store, openStore, async (inTurn, [first, second]) => {
    for (const [method, use] of Object.entries(USES)) {
      const session = sampleSession();
      const [, isUsed] = await inTurn(
        async () => first.insert({ ...session }),
        async () => (await second.find(session.id)) === null || use(second, session),
      );
      assert.ok(isUsed, `${method} doesn't reach a session that find has returned`);
    }
  });
}

async function isInFull(store: RefreshTokenStore, session: SessionRow): Promise<void> {
  const found = await store.find(session.id);
  if (found !== null) assert.deepEqual(fieldsOf(found), session, 'find while it is inserted');
  const listed = (await store.listActive(session.userId, NOW, 10)).map(fieldsOf);
  if (found !== null || listed.length > 0) {
    assert.deepEqual(listed, [session], 'listActive while it is inserted');
    assert.deepEqual(await stored(store, session), session, 'find after listActive');
  }
}

/** What reaches a session that is there. */
const USES: Record<string, (store: RefreshTokenStore, session: SessionRow) => Promise<boolean>> = {
  rotate: async (store, session) => store.rotate(rotationOf(session)),
  'revoke by id': async (store, { id }) => (await store.revoke({ id }, 'logout', NOW)) === 1,
  'revoke by userId': async (store, { userId }) =>
    (await store.revoke({ userId }, 'logout_all', NOW)) === 1,
};
