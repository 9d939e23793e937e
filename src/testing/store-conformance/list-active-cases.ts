import assert from 'node:assert/strict';
import type { RefreshTokenStore, SessionRow } from '../../sessions/refresh-token-store.js';
import {
  DAY,
  MOMENTS,
  NOW,
  fieldsOf,
  fresh,
  put,
  putMany,
  rotationOf,
  stored,
} from './sample-sessions.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { atEachMomentOn, type InTurn } from './moments-between.js';
import { pairOn, type Pair } from './second-store.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const listActiveCases: StoreCases = {
  'Lists the sessions of this user and of no other user.': listsOnesOwn,
  'Lists no revoked session and no expired one: `expiresAt` has to be later than `now`.': listsLive,
  'Lists the latest `createdAt` first, and sessions of one moment in the same order every time.':
    listsLatestFirst,
  'Lists at most `limit` sessions: the first in that order.': listsAtMost,
  'Lists what there was at one moment: of the sessions that one revocation ends all or none, and each in full.':
    listsOneMoment,
};

async function listed(store: RefreshTokenStore, userId: string, limit: number, now = NOW) {
  return (await store.listActive(userId, now, limit)).map(fieldsOf);
}

/** More than the module requests. */
const MANY = 1050;

async function listsOnesOwn(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  await put(store, {});
  const own = await put(store, { userId, generation: 3, ip: '192.0.2.7', userAgent: 'curl' });
  await put(store, {});
  assert.deepEqual(await listed(store, userId, 10), [own]);
  assert.deepEqual(await listed(store, fresh(), 10), []);
}

async function listsLive(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    const userId = fresh();
    const live = await put(store, { userId, expiresAt: now + 1 }, now);
    await put(store, { userId, expiresAt: now }, now);
    await put(store, { userId, expiresAt: now - 1 }, now);
    for (const revokedAt of [0, now - DAY, now, now + DAY]) {
      await put(store, { userId, revokedAt, revokedReason: 'logout' }, now);
    }
    assert.deepEqual(await listed(store, userId, 10, now), [live]);
  }
}

async function listsLatestFirst(store: RefreshTokenStore): Promise<void> {
  await listsInOrder(store, 1);
  const userId = await listsInOrder(store, 1000);
  // Compared as numbers, not as text.
  const before2001 = await put(store, { userId, createdAt: 999_999_999_999 });
  const inThousands = await put(store, { userId, createdAt: 5000 });
  assert.deepEqual((await listed(store, userId, 10)).slice(4), [before2001, inThousands]);

  const twins = fresh();
  for (let count = 0; count < 6; count += 1) await put(store, { userId: twins, createdAt: NOW });
  const order = async (limit: number) => (await listed(store, twins, limit)).map(({ id }) => id);
  const before = await order(6);
  const rotated = await stored(store, { id: before[4] } as SessionRow);
  assert.equal(await store.rotate(rotationOf(rotated)), true);
  assert.deepEqual(await order(6), before, 'sessions created at one moment');
  assert.deepEqual(await order(3), before.slice(0, 3), 'the first of those');
}

/** The order of creation differs from that of insertion and of every other column. Returns the user. */
async function listsInOrder(store: RefreshTokenStore, unit: number): Promise<string> {
  const userId = fresh();
  const at = async (
    firstDigit: string,
    createdAgo: number,
    rotatedAgo: number,
    expiresIn: number,
  ) =>
    put(store, {
      id: `${firstDigit}${fresh().slice(1)}`,
      userId,
      createdAt: NOW - createdAgo * unit,
      rotatedAt: NOW - rotatedAgo,
      expiresAt: NOW + expiresIn,
      absoluteExpiresAt: NOW + DAY + expiresIn,
    });
  const third = await at('5', 3, 200, 7);
  const first = await at('a', 1, 300, 5);
  const fourth = await at('0', unit === 1 ? 4 : 1000, 100, 6);
  const second = await at('f', 2, 400, 8);
  assert.deepEqual(await listed(store, userId, 10), [first, second, third, fourth]);
  return userId;
}

async function listsAtMost(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  await put(store, { userId, createdAt: NOW, revokedAt: NOW, revokedReason: 'logout' });
  await put(store, { userId, createdAt: NOW, expiresAt: NOW });
  await put(store, { createdAt: NOW });
  const oldest = await put(store, { userId, createdAt: NOW - 3000 });
  const latest = await put(store, { userId, createdAt: NOW - 1000 });
  const middle = await put(store, { userId, createdAt: NOW - 2000 });
  const inOrder = [latest, middle, oldest];
  for (const limit of [1, 2, 3, 4, 1000]) {
    assert.deepEqual(await listed(store, userId, limit), inOrder.slice(0, limit), `limit ${limit}`);
  }

  const many = fresh();
  await putMany(store, MANY, { userId: many });
  for (const limit of [MANY - 1, MANY]) {
    assert.equal((await store.listActive(many, NOW, limit)).length, limit, `limit ${limit}`);
  }
}

/** How many lists are begun around a revocation, a turn after each other, and after how many of them it begins. */
const LISTS = 8;

async function listsOneMoment(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    const userId = fresh();
    const sessions = await putMany(store, 5, { userId });
    const [list] = await inTurn(
      async () => one.listActive(userId, NOW, 10),
      async () => two.revoke({ userId }, 'logout_all', NOW),
    );
    allOrNone(list, sessions);
    await listsNoneInPart(store, [one, two], inTurn);
  });
  const [one, two] = await pairOn(store, openStore);
  for (let round = 0; round < 2 * LISTS; round += 1) {
    const userId = fresh();
    const sessions = await putMany(store, 5, { userId });
    const lists: Promise<SessionRow[]>[] = [];
    let revoked: Promise<number> | undefined;
    for (let list = 0; list < LISTS; list += 1) {
      lists.push(two.listActive(userId, NOW, 10));
      lists.at(-1)!.catch(() => {});
      if (list === round % LISTS) revoked = one.revoke({ userId }, 'logout_all', NOW);
      await nextTurn();
    }
    await revoked;
    for (const list of await Promise.all(lists)) allOrNone(list, sessions);
  }
}

function allOrNone(list: SessionRow[], sessions: SessionRow[]): void {
  const message = `listActive lists ${list.length} of ${sessions.length} sessions beside the revocation that ends all`;
  assert.ok(list.length === 0 || list.length === sessions.length, message);
}

/** The list is of a time when they were alive: nothing is wrong with it while they are deleted. */
async function listsNoneInPart(
  store: RefreshTokenStore,
  [one, two]: Pair,
  inTurn: InTurn,
): Promise<void> {
  const userId = fresh();
  const ended = { userId, expiresAt: NOW - DAY, absoluteExpiresAt: NOW - DAY };
  const sessions = new Map((await putMany(store, 3, ended)).map((each) => [each.id, each]));
  const [list] = await inTurn(
    async () => one.listActive(userId, NOW - 2 * DAY, 10),
    async () => two.deleteEnded(NOW, 500),
  );
  for (const session of list) {
    assert.deepEqual(fieldsOf(session), sessions.get(session.id), 'listActive beside deleteEnded');
  }
}
