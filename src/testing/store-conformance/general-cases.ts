import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import {
  momentOrNullIn,
  revocationsIn,
  sessionOrNullIn,
  sessionsIn,
  sliceIn,
  wholeIn,
  yesOrNoIn,
} from '../../sessions/store-results.js';
import { lookAlikesOf, lookAlikeUserIds } from './look-alikes.js';
import {
  DAY,
  MOMENTS,
  NOW,
  deleteAll,
  fieldsOf,
  fresh,
  put,
  rotatedSession,
  rotationOf,
  sampleSession,
  stored,
} from './sample-sessions.js';
import { atEachMomentOn } from './moments-between.js';
import type { NotTried, OpenStore, StoreCases } from './store-case.js';

export const generalCases: StoreCases = {
  'Every value comes back as the type that it was given as: a number as a number, a text as a text, null as null.':
    keepsTypes,
  'Session ids are compared exactly, and an id that no session has is no error.': comparesIds,
  'User ids are compared exactly: case, accents, width, spaces and Unicode form count, and none is read as a number.':
    comparesUserIds,
  'What one call wrote, every later call reads.': readsWhatWasWritten,
  'What one instance of the store wrote, every other instance reads.': readsWhatOthersWrote,
  'The time is what the caller says: no method reads a clock.': usesNoClock,
  "A store doesn't change the objects that it receives, and keeps none that a caller could change later.":
    sharesNothing,
};

/** What a driver easily changes: a number that is a text afterwards, a time that is a Date, null that is missing. */
async function keepsTypes(store: RefreshTokenStore): Promise<void> {
  const session = await put(store, { generation: 3 });
  const { id, userId } = session;
  sessionOrNullIn(await store.find(id), 'find');
  sessionsIn(await store.listActive(userId, NOW, 10), 'listActive');
  yesOrNoIn(await store.rotate(rotationOf(session)), 'rotate');
  wholeIn(await store.revoke({ id }, 'logout', NOW), 'revoke');
  sessionOrNullIn(await store.find(id), 'find');
  sessionOrNullIn(await store.find(fresh()), 'find');
  revocationsIn(await store.revokedSince(NOW), 'revokedSince');
  sliceIn(await store.deleteEnded(NOW - 400 * DAY, 1), 'deleteEnded');
  if (store.devicesForgottenAt !== undefined) {
    momentOrNullIn(await store.devicesForgottenAt(), 'devicesForgottenAt');
  }
  if (store.keptTime !== undefined) momentOrNullIn(await store.keptTime(), 'keptTime');
}

async function comparesIds(store: RefreshTokenStore): Promise<void> {
  const session = await put(store);
  const { userId } = session;
  for (const id of [...lookAlikesOf(session.id), ...STRANGE_IDS]) {
    const shown = `for the id ${JSON.stringify(id)} beside ${session.id}`;
    assert.equal(await store.find(id), null, `find ${shown}`);
    assert.equal(await store.rotate({ ...rotationOf(session), id }), false, `rotate ${shown}`);
    assert.equal(await store.revoke({ id }, 'logout', NOW), 0, `revoke ${shown}`);
    assert.equal(await store.revoke({ id, userId }, 'logout', NOW), 0, `revoke ${shown}`);
  }
  assert.deepEqual(await stored(store, session), session);

  const namesake = await put(store, { id: session.id.toUpperCase() });
  assert.deepEqual(await stored(store, session), session, 'beside the same id in capitals');
  assert.equal(await store.revoke({ id: namesake.id }, 'logout', NOW), 1);
  assert.deepEqual(await stored(store, session), session, 'after the other one was revoked');
}

const STRANGE_IDS = ['-', '*', '%', '0', "' OR '1'='1", '__proto__', 'constructor', 'everything'];

async function comparesUserIds(store: RefreshTokenStore): Promise<void> {
  const groups = lookAlikeUserIds();
  const userIds = groups.flat();
  const sessions = new Map(
    await Promise.all(
      userIds.map(async (userId) => [userId, await put(store, { userId })] as const),
    ),
  );
  for (const group of groups) {
    for (const userId of group) {
      const { id } = sessions.get(userId)!;
      for (const other of group.filter((each) => each !== userId)) {
        const shown = `${JSON.stringify(other)} for ${JSON.stringify(userId)}`;
        const forged = { ...rotationOf(sessions.get(userId)!), userId: other };
        assert.equal(await store.rotate(forged), false, `rotate takes ${shown}`);
        assert.equal(await store.revoke({ id, userId: other }, 'revoked', NOW), 0, shown);
      }
    }
  }
  for (const userId of userIds) {
    const session = sessions.get(userId)!;
    const listed = await store.listActive(userId, NOW, 100);
    assert.deepEqual(
      listed.map((each) => each.userId),
      [userId],
      'listActive',
    );
    assert.equal(await store.revoke({ userId, exceptId: session.id }, 'revoked', NOW), 0);
    assert.equal(await store.revoke({ userId }, 'revoked', NOW), 1, `revoke of ${userId}`);
  }
}

async function readsWhatWasWritten(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await readsItsOwn(store);
  await keepsWhatComesAtOnce(store, openStore);
}

/** All by one user, in case a store keeps all of a user's sessions in one piece. */
async function keepsWhatComesAtOnce(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    const userId = fresh();
    const ended = { userId, revokedAt: NOW - 2 * DAY, revokedReason: 'logout' as const };
    const [a, b] = [await put(store, { userId }), await put(store, { userId })];
    const [c, d] = [sampleSession({ userId }), sampleSession({ userId })];
    await put(store, ended);
    const [[, , isRotated], [, isRotatedToo]] = await inTurn(
      async () =>
        Promise.all([
          one.deleteEnded(NOW - DAY, 500),
          one.insert({ ...c }),
          one.rotate(rotationOf(a)),
        ]),
      async () => Promise.all([two.insert({ ...d }), two.rotate(rotationOf(b))]),
    );
    assert.ok(isRotated && isRotatedToo, 'rotates beside logins of the user');
    const rotated = [a, b].map((session) => rotatedSession(session, rotationOf(session)));
    for (const session of [c, d, ...rotated]) {
      assert.deepEqual(await stored(store, session), session, 'of several calls at once');
    }
    assert.equal((await store.listActive(userId, NOW, 10)).length, 4, 'listActive of all of them');
    assert.equal(await store.revoke({ userId }, 'logout_all', NOW), 4, 'revoke of all of them');
  });
}

async function readsItsOwn(store: RefreshTokenStore): Promise<void> {
  const session = sampleSession();
  const { id, userId } = session;
  const listed = async () => (await store.listActive(userId, NOW, 10)).map(fieldsOf);
  const isRevoked = async () => (await store.revokedSince(NOW)).some((ended) => ended.id === id);
  assert.equal(await store.find(id), null);
  assert.deepEqual(await listed(), []);

  await store.insert({ ...session });
  assert.deepEqual(await stored(store, session), session, 'find after insert');
  assert.deepEqual(await listed(), [session], 'listActive after insert');

  const rotation = rotationOf(session);
  assert.equal(await store.rotate(rotation), true, 'rotate after insert');
  const rotated = rotatedSession(session, rotation);
  assert.deepEqual(await stored(store, session), rotated, 'find after rotate');
  assert.deepEqual(await listed(), [rotated], 'listActive after rotate');
  assert.equal(await isRevoked(), false);

  const revoked = { ...rotated, revokedAt: NOW + 1, revokedReason: 'logout' };
  assert.equal(await store.revoke({ userId }, 'logout', NOW + 1), 1, 'revoke after rotate');
  assert.deepEqual(await stored(store, session), revoked, 'find after revoke');
  assert.deepEqual(await listed(), [], 'listActive after revoke');
  assert.equal(await isRevoked(), true, 'revokedSince after revoke');

  await deleteAll(store, NOW + DAY);
  assert.equal(await store.find(id), null, 'find after deleteEnded');
  assert.equal(await isRevoked(), false, 'revokedSince after deleteEnded');
}

const ONE_STORE =
  'two instances of the app at once, because openStore always returns the same store. A store that is atomic within ' +
  'one process only has passed all the same. Let openStore return another store on the same data each time, with a ' +
  'connection of its own.';

const NOTHING_SHARED =
  'openStore returned two stores, and the second does not find what the first inserted. Give both the same data: the ' +
  'same database, the same key prefix. If they have it, the store remembers what it read.';

async function readsWhatOthersWrote(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<NotTried | undefined> {
  const other = await openStore();
  if (other === store) return ONE_STORE;
  const { id } = await put(store);
  assert.notEqual(await other.find(id), null, NOTHING_SHARED);
  await readsOthers(store, other);
  return undefined;
}

/** Two instances take turns, as when an app runs twice. */
async function readsOthers(one: RefreshTokenStore, other: RefreshTokenStore): Promise<void> {
  const session = sampleSession();
  const { id, userId } = session;
  assert.equal(await other.find(id), null);
  assert.deepEqual(await other.listActive(userId, NOW, 10), []);
  await one.insert({ ...session });
  assert.deepEqual(await stored(other, session), session, 'find after insert by another instance');
  const listed = async () => (await other.listActive(userId, NOW, 10)).length;
  const revokedIds = async () => new Set((await other.revokedSince(NOW)).map((ended) => ended.id));
  assert.equal(await listed(), 1);
  assert.equal((await revokedIds()).has(id), false);

  const rotation = rotationOf(session);
  assert.equal(await one.rotate(rotation), true);
  const rotated = rotatedSession(session, rotation);
  assert.deepEqual(await stored(other, session), rotated, 'find after rotate by another instance');
  assert.equal(await other.rotate(rotation), false, 'rotate after rotate by another instance');

  const late = await put(one, { userId });
  assert.equal(await listed(), 2, 'listActive after insert by another instance');
  assert.equal(await one.revoke({ userId }, 'logout', NOW), 2);
  assert.equal(await listed(), 0, 'listActive after revoke by another instance');
  const { revokedAt } = await stored(other, session);
  assert.equal(revokedAt, NOW, 'find after revoke by another instance');
  assert.equal(await other.rotate(rotationOf(late)), false, 'rotate after revoke by another one');
  const ended = await revokedIds();
  assert.ok(ended.has(id) && ended.has(late.id), 'revokedSince after revoke by another instance');
  assert.equal(await other.revoke({ userId }, 'revoked', NOW), 0, 'revoke by two instances');

  await put(one, { userId });
  assert.equal(await other.revoke({ userId }, 'revoked', NOW), 1, 'revoke by another instance');
  await put(one, { userId });
  assert.ok((await other.revoke('everything', 'everything', NOW)) > 0, 'by another instance');
  assert.deepEqual(await one.listActive(userId, NOW, 10), [], 'listActive after everything ended');
}

async function usesNoClock(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    const lives = { expiresAt: now + 1 };
    const ended = { expiresAt: now };
    const live = await put(store, lives, now);
    const expired = await put(store, { ...ended, userId: live.userId }, now);
    const listed = await store.listActive(live.userId, now, 10);
    assert.deepEqual(
      listed.map(({ id }) => id),
      [live.id],
      'listActive',
    );
    assert.equal(
      await store.rotate(rotationOf(expired, 0, now)),
      false,
      'rotate of an expired one',
    );
    assert.equal(await store.rotate(rotationOf(live, 0, now)), true, 'rotate of a live one');
    assert.equal((await stored(store, live)).rotatedAt, now, 'rotatedAt');
    assert.equal(await store.revoke({ id: live.id }, 'logout', now), 1);
    assert.equal((await stored(store, live)).revokedAt, now, 'revokedAt');
    await returnsAtItsMoment(store, live.id, now);
    await deleteAll(store, now);
    await stored(store, live);
    await deleteAll(store, now + 1);
    assert.equal(await store.find(live.id), null, 'deleteEnded');
  }
}

/** A session that was revoked at this moment is returned for it, and not for a later one. */
async function returnsAtItsMoment(
  store: RefreshTokenStore,
  id: string,
  revokedAt: number,
): Promise<void> {
  const isReturned = async (since: number) =>
    (await store.revokedSince(since)).some((ended) => ended.id === id);
  const session = `the session ${id}, which was revoked at ${revokedAt}`;
  assert.ok(await isReturned(revokedAt), `revokedSince(${revokedAt}) leaves out ${session}`);
  assert.ok(
    !(await isReturned(revokedAt + 1)),
    `revokedSince(${revokedAt + 1}) returns ${session}`,
  );
}

async function sharesNothing(store: RefreshTokenStore): Promise<void> {
  const session = sampleSession();
  const { userId } = session;
  const given = { ...session };
  await store.insert(given);
  assert.deepEqual({ ...given }, session, 'insert changes what it receives');
  assert.deepEqual(await stored(store, session), session, 'find after insert');
  spoil(given);
  assert.deepEqual(await stored(store, session), session, 'insert keeps the object it receives');

  spoil((await store.find(session.id))!);
  assert.deepEqual(await stored(store, session), session, 'find returns what the store keeps');
  const listed = await store.listActive(userId, NOW, 10);
  listed.forEach(spoil);
  listed.length = 0;
  assert.deepEqual(await stored(store, session), session, 'listActive returns what it keeps');

  const rotation = rotationOf(session);
  const request = { ...rotation, next: { ...rotation.next } };
  const rotated = rotatedSession(session, rotation);
  assert.equal(await store.rotate(request), true);
  assert.deepEqual(request, rotation, 'rotate changes what it receives');
  spoil(request.next);
  assert.deepEqual(await stored(store, session), rotated, 'rotate keeps the object it receives');

  const targets = [
    { id: session.id, userId: fresh() },
    { userId, exceptId: session.id },
    { userId },
  ];
  for (const target of targets) {
    const copy = { ...target };
    await store.revoke(copy, 'revoked', NOW);
    assert.deepEqual(copy, target, 'revoke changes what it receives');
  }
  const ended = { ...rotated, revokedAt: NOW, revokedReason: 'revoked' };
  assert.deepEqual(await stored(store, session), ended);
  await returnsAtItsMoment(store, session.id, NOW);
  (await store.revokedSince(NOW)).forEach(spoil);
  const revoked = await store.revokedSince(NOW);
  assert.ok(
    revoked.some(({ id, revokedAt }) => id === session.id && revokedAt === NOW),
    'revokedSince returns what the store keeps',
  );
  assert.deepEqual(await stored(store, session), ended, 'revokedSince returns what it keeps');
}

/** Changes an object as a caller may change its own; a frozen one stays as it is. */
function spoil(object: object): void {
  for (const key of Object.keys(object)) Reflect.set(object, key, 'spoilt');
}
