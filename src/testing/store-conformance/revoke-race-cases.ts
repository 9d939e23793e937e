import assert from 'node:assert/strict';
import type {
  RefreshTokenStore,
  RevocationReason,
  RevocationTarget,
} from '../../sessions/refresh-token-store.js';
import { atEachMomentBetween, lookWhile, startedInTurn, type InTurn } from './moments-between.js';
import {
  NOW,
  fresh,
  putMany,
  rotatedSession,
  rotationOf,
  sampleSession,
  stored,
} from './sample-sessions.js';
import type { StoreCases } from './store-case.js';

export const revokeRaceCases: StoreCases = {
  'Returns how many sessions it revoked; of several revocations at once each session counts for exactly one.':
    countsOnce,
  'Undoes no insert and no rotation of the same moment.': undoesNothing,
  'Shows to others in full or not at all.': showsInFull,
  'Revokes what was put in before it took effect: no login is seen beside the sessions it ends and left alive.':
    leavesNoLoginBehind,
};

async function countsOnce(store: RefreshTokenStore): Promise<void> {
  await atEachMomentBetween(async (inTurn) => {
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
    const call = async (index: number) => store.revoke(...revocations[index]!);
    const counts = (
      await inTurn(
        async () => Promise.all([call(0), call(1), call(2)]),
        async () => Promise.all([call(3), call(4)]),
      )
    ).flat();
    const rows = await Promise.all(sessions.map(async (session) => stored(store, session)));
    for (const [index, [, reason, now]] of revocations.entries()) {
      const ended = rows.filter((row) => row.revokedReason === reason && row.revokedAt === now);
      assert.equal(counts[index], ended.length, `count of the revocation that says ${reason}`);
    }
    const sum = counts.reduce((total, count) => total + count, 0);
    assert.equal(sum, sessions.length, 'sessions counted by all revocations together');
  });
}

async function undoesNothing(store: RefreshTokenStore): Promise<void> {
  await atEachMomentBetween(async (inTurn) => {
    for (const isRevokedFirst of [true, false]) {
      const userId = fresh();
      const sessions = await putMany(store, 3, { userId });
      const login = sampleSession({ userId });
      const revoke = async () => store.revoke({ userId }, 'logout_all', NOW);
      const others = async () =>
        Promise.all([
          ...sessions.map(async (session) => store.rotate(rotationOf(session))),
          store.insert({ ...login }),
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
    }
  });
}

async function showsInFull(store: RefreshTokenStore): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const userId = fresh();
    const [kept] = await putMany(store, 5, { userId });
    const target = round % 2 === 0 ? { userId } : { userId, exceptId: kept!.id };
    const looks = await lookWhile(
      store.revoke(target, 'logout_all', NOW),
      async () => (await store.listActive(userId, NOW, 10)).length,
    );
    const after = round % 2 === 0 ? 0 : 1;
    assert.equal((await store.listActive(userId, NOW, 10)).length, after);
    for (const live of looks) {
      assert.ok(live === 5 || live === after, `${live} of 5 sessions are seen alive meanwhile`);
    }
  }
}

/**
 * Of so many logins beside a revocation most must not slip through, see {@link RefreshTokenStore.revoke}. PostgreSQL on a
 * busy machine lets about one of fifty through, a store that lists first and ends then lets all through at some moment.
 */
const LOGINS = 10;
const MOST_LEFT = 7;
/** So many steps after the login begins, somebody lists the sessions. */
const LOOKS = [0, 5, 10];

async function leavesNoLoginBehind(store: RefreshTokenStore): Promise<void> {
  await atEachMomentBetween(async (inTurn) => {
    for (const steps of LOOKS) {
      let left = 0;
      for (let ended = 0; left + ended < LOGINS && ended < LOGINS - MOST_LEFT;) {
        if (await leavesLoginBehind(store, inTurn, steps)) left += 1;
        else ended += 1;
      }
      assert.ok(left <= MOST_LEFT, `${left} of ${LOGINS} logins were left alive`);
    }
  });
}

async function leavesLoginBehind(
  store: RefreshTokenStore,
  inTurn: InTurn,
  steps: number,
): Promise<boolean> {
  const userId = fresh();
  const [old] = await putMany(store, 2, { userId });
  const login = sampleSession({ userId, createdAt: NOW });
  const logInAndList = () =>
    startedInTurn(
      { steps, turns: 0 },
      async () => store.insert({ ...login }),
      async () => store.listActive(userId, NOW, 10),
    );
  const [, [, seen]] = await inTurn(
    async () => store.revoke({ userId }, 'logout_all', NOW),
    logInAndList,
  );
  const isSeen = (id: string) => seen.some((session) => session.id === id);
  const { revokedAt } = await stored(store, login);
  return isSeen(old!.id) && isSeen(login.id) && revokedAt === null;
}
