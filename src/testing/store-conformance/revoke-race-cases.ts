import assert from 'node:assert/strict';
import type {
  RefreshTokenStore,
  RevocationTarget,
  SessionRow,
} from '../../sessions/refresh-token-store.js';
import type { RevocationReason } from '../../events/revocation-reason.js';
import {
  atEachMomentBetween,
  atEachMomentOn,
  queryWhile,
  startedInTurn,
  type InTurn,
} from './moments-between.js';
import {
  DAY,
  NOW,
  fresh,
  put,
  putMany,
  rotatedSession,
  rotationOf,
  sampleSession,
  stored,
} from './sample-sessions.js';
import { pairOn, type Pair } from './second-store.js';
import { all, byId, byIdAndUser, byUser, type TargetOf } from './targets.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const revokeRaceCases: StoreCases = {
  'Returns how many sessions it revoked; of several revocations at once each session counts for exactly one.':
    countsOnce,
  'Undoes no insert and no rotation that happens at the same time.': undoesNothing,
  'Is visible to others in full or not at all.': showsInFull,
  'Revokes what was inserted before it takes effect: no new login is seen alive beside the sessions it ends.':
    leavesNoLoginBehind,
};

async function countsOnce(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    const userId = fresh();
    const sessions = await putMany(store, 4, { userId });
    const [id, exceptId] = sessions.map((session) => session.id) as [string, string];
    const revocations: [RevocationTarget, RevocationReason, number][] = [
      [{ userId }, 'logout_all', NOW],
      [{ userId, exceptId }, 'password_changed', NOW + 1],
      [{ id, userId }, 'revoked', NOW + 2],
      [{ userId }, 'user_gone', NOW + 3],
      [{ id }, 'reuse', NOW + 4],
    ];
    const call = async (on: RefreshTokenStore, index: number) => on.revoke(...revocations[index]!);
    const counts = (
      await inTurn(
        async () => Promise.all([call(one, 0), call(one, 1), call(one, 2)]),
        async () => Promise.all([call(two, 3), call(two, 4)]),
      )
    ).flat();
    await countsAsWritten(store, sessions, revocations, counts);
  });
  await countsOnceByTwo(store, openStore);
}

/** Each session was ended by the revocation that counts it. */
async function countsAsWritten(
  store: RefreshTokenStore,
  sessions: SessionRow[],
  revocations: [RevocationTarget, RevocationReason, number][],
  counts: number[],
): Promise<void> {
  const rows = await Promise.all(sessions.map(async (session) => stored(store, session)));
  for (const [index, [, reason, now]] of revocations.entries()) {
    const ended = rows.filter((row) => row.revokedReason === reason && row.revokedAt === now);
    assert.equal(counts[index], ended.length, `count of the revocation with reason ${reason}`);
  }
  const sum = counts.reduce((total, count) => total + count, 0);
  assert.equal(sum, sessions.length, 'sessions counted by all revocations together');
}

const TWO_AT_ONCE: readonly (readonly [TargetOf, TargetOf])[] = [
  [byId, byId],
  [byIdAndUser, byIdAndUser],
  [byId, byUser],
  [byUser, byIdAndUser],
  [byUser, byUser],
  [byId, all],
  [all, byUser],
  [all, all],
];

/** Only these two revocations, so that each ends what the other found. */
async function countsOnceByTwo(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await store.revoke('everything', 'everything', NOW);
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    for (const [first, second] of TWO_AT_ONCE) {
      const session = await put(store, {});
      const revocations: [RevocationTarget, RevocationReason, number][] = [
        [first(session), 'revoked', NOW + 1],
        [second(session), 'logout', NOW + 2],
      ];
      const counts = await inTurn(
        async () => one.revoke(...revocations[0]!),
        async () => two.revoke(...revocations[1]!),
      );
      await countsAsWritten(store, [session], revocations, counts);
    }
  });
}

async function undoesNothing(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await store.revoke('everything', 'everything', NOW);
  await atEachMomentOn(store, openStore, async (inTurn, pair) => {
    for (const isRevokedFirst of [true, false]) {
      for (const targetOf of isRevokedFirst ? [byUser, all] : [byUser]) {
        await undoesNothingOf(store, pair, { inTurn, targetOf, isRevokedFirst });
      }
    }
  });
}

async function undoesNothingOf(
  store: RefreshTokenStore,
  [one, two]: Pair,
  {
    inTurn,
    targetOf,
    isRevokedFirst,
  }: { inTurn: InTurn; targetOf: TargetOf; isRevokedFirst: boolean },
): Promise<void> {
  const userId = fresh();
  const sessions = await putMany(store, 3, { userId });
  const login = sampleSession({ userId });
  const revoke = async () => one.revoke(targetOf(login), 'logout_all', NOW);
  const others = async () =>
    Promise.all([
      ...sessions.map(async (session) => two.rotate(rotationOf(session))),
      two.insert({ ...login }),
    ]);
  const inOrder = async () => {
    if (isRevokedFirst) return inTurn(revoke, others);
    const [results, count] = await inTurn(others, revoke);
    return [count, results] as const;
  };
  const [count, results] = await inOrder();

  const revoked = { revokedAt: NOW, revokedReason: 'logout_all' };
  for (const [index, session] of sessions.entries()) {
    const isRotated = results[index] === true;
    const row = isRotated ? rotatedSession(session, rotationOf(session)) : session;
    assert.deepEqual(await stored(store, session), { ...row, ...revoked });
  }
  const started = await stored(store, login);
  const isEnded = started.revokedAt !== null;
  assert.deepEqual(started, isEnded ? { ...login, ...revoked } : login, 'the login');
  assert.equal(count, sessions.length + (isEnded ? 1 : 0), 'count beside a login');
  await store.revoke({ userId }, 'revoked', NOW);
}

async function showsInFull(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const [one, two] = await pairOn(store, openStore);
  for (let round = 0; round < 5; round += 1) {
    const userId = fresh();
    const [kept] = await putMany(store, 5, { userId });
    const target = round % 2 === 0 ? { userId } : { userId, exceptId: kept!.id };
    const counts = await queryWhile(
      one.revoke(target, 'logout_all', NOW),
      async () => (await two.listActive(userId, NOW, 10)).length,
    );
    const after = round % 2 === 0 ? 0 : 1;
    assert.equal((await store.listActive(userId, NOW, 10)).length, after);
    for (const live of counts) {
      assert.ok(live === 5 || live === after, `${live} of 5 sessions are seen alive meanwhile`);
    }
  }
  await store.revoke('everything', 'everything', NOW);
  const userId = fresh();
  await showsManyInFull([one, two], { userId }, 250, { userId });
  await showsManyInFull([one, two], 'everything', 1001, {});
}

/**
 * Once one session is seen ended, none is seen alive any more. Checks the first and the last in any order a store may
 * use.
 */
async function showsManyInFull(
  [one, two]: Pair,
  target: RevocationTarget,
  count: number,
  values: Partial<SessionRow>,
): Promise<void> {
  const atTheEdge = async (digit: string, createdAt: number) => {
    const text = digit.repeat(8) + fresh().slice(8);
    return put(one, { id: text, userId: text, createdAt, rotatedAt: createdAt, ...values });
  };
  const first = await atTheEdge('0', NOW - 2 * DAY);
  await putMany(one, count, values);
  const last = await atTheEdge('f', NOW);
  let isSeenEnded = false;
  const checkBoth = async () => {
    for (const session of [first, last, first]) {
      const wasSeenEnded = isSeenEnded;
      const isAlive = (await stored(two, session)).revokedAt === null;
      assert.ok(!(wasSeenEnded && isAlive), 'one of many is seen alive after another was ended');
      isSeenEnded ||= !isAlive;
    }
  };
  const revoked = one.revoke(target, 'logout_all', NOW);
  await queryWhile(revoked, checkBoth);
  assert.equal(await revoked, count + 2, 'sessions revoked');
}

/**
 * Most of this many logins beside a revocation must not slip through, see {@link RefreshTokenStore.revoke}. PostgreSQL
 * on a busy machine lets about one in fifty through; a store that first lists and then ends lets all through at some
 * moment.
 */
const LOGINS = 10;
const MOST_LEFT = 7;
/** How many steps after the start of the login the sessions are listed. */
const STEPS_BEFORE_LISTING = [0, 5, 10];

async function leavesNoLoginBehind(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const pair = await pairOn(store, openStore);
  await atEachMomentBetween(async (inTurn) => {
    for (const steps of STEPS_BEFORE_LISTING) {
      await mostAreEnded(async () => leavesLoginOfUser(pair, inTurn, steps));
    }
    await mostAreEnded(async () => leavesLoginOfStranger(pair, inTurn));
  });
}

async function mostAreEnded(isLeft: () => Promise<boolean>): Promise<void> {
  let left = 0;
  for (let ended = 0; left + ended < LOGINS && ended < LOGINS - MOST_LEFT;) {
    if (await isLeft()) left += 1;
    else ended += 1;
  }
  assert.ok(left <= MOST_LEFT, `${left} of ${LOGINS} logins were left alive`);
}

async function leavesLoginOfUser(
  [one, two]: Pair,
  inTurn: InTurn,
  steps: number,
): Promise<boolean> {
  const userId = fresh();
  const [old] = await putMany(one, 2, { userId });
  const login = sampleSession({ userId, createdAt: NOW });
  const logInAndList = () =>
    startedInTurn(
      { steps, turns: 0 },
      async () => two.insert({ ...login }),
      async () => two.listActive(userId, NOW, 10),
    );
  const [, [, seen]] = await inTurn(
    async () => one.revoke({ userId }, 'logout_all', NOW),
    logInAndList,
  );
  const isSeen = (id: string) => seen.some((session) => session.id === id);
  const { revokedAt } = await stored(one, login);
  return isSeen(old!.id) && isSeen(login.id) && revokedAt === null;
}

/**
 * While everything is revoked, two users log in: one who had a session and one who had none. A snapshot database may
 * miss both while it reads all sessions; a store that first lists the users misses the one without a session.
 */
async function leavesLoginOfStranger([one, two]: Pair, inTurn: InTurn): Promise<boolean> {
  const old = await put(one, {});
  const login = sampleSession({ userId: old.userId, createdAt: NOW });
  const stranger = sampleSession({ createdAt: NOW });
  const [, isOldAlive] = await inTurn(
    async () => one.revoke('everything', 'everything', NOW),
    async () => {
      await Promise.all([two.insert({ ...stranger }), two.insert({ ...login })]);
      return (await stored(two, old)).revokedAt === null;
    },
  );
  const isLeft = async (session: SessionRow) => (await stored(one, session)).revokedAt === null;
  const isOnlyTheStrangers = (await isLeft(stranger)) && !(await isLeft(login));
  await one.revoke('everything', 'everything', NOW);
  return isOldAlive && isOnlyTheStrangers;
}
