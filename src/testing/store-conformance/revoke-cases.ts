import assert from 'node:assert/strict';
import type {
  RefreshTokenStore,
  RevocationTarget,
  SessionRow,
} from '../../sessions/refresh-token-store.js';
import type { RevocationReason } from '../../events/revocation-reason.js';
import { lookAlikesOf } from './look-alikes.js';
import { atEachMomentOn } from './moments-between.js';
import {
  DAY,
  LEEWAY,
  MOMENTS,
  NOW,
  fieldsOf,
  fresh,
  put,
  putMany,
  rotationOf,
  stored,
} from './sample-sessions.js';
import { byId, byUser } from './targets.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const revokeCases: StoreCases = {
  "Revokes the session of the target's `id`; if a `userId` is given, only if it is that user's.":
    revokesOne,
  "Revokes all sessions of the target's `userId`, however many, and nobody else's.": revokesAll,
  'Spares the session of `exceptId`; spares none if `exceptId` is no session of the user.': spares,
  'Revokes every session of everybody for the target `everything`.': revokesEverything,
  'Writes `now` as `revokedAt` and the reason, and nothing else.': writes,
  "Dates no revocation before the row's last rotation: `revokedAt` is `rotatedAt` if that is later than `now`.":
    datesNoEarlier,
  'Revokes expired sessions too.': revokesExpired,
  'Does not change `revokedAt` and `revokedReason` of a session that is revoked already.':
    leavesRevoked,
};

/** More than any limit that a store might set. */
const MANY = 1001;

/** Revokes, and fails if other sessions than these are revoked or counted. */
async function revokes(
  store: RefreshTokenStore,
  target: RevocationTarget,
  ended: SessionRow[],
  others: SessionRow[],
): Promise<void> {
  const shown = JSON.stringify(target);
  assert.equal(await store.revoke(target, 'revoked', NOW), ended.length, `count for ${shown}`);
  for (const session of ended) {
    const revoked = { ...session, revokedAt: NOW, revokedReason: 'revoked' };
    assert.deepEqual(await stored(store, session), revoked, `meant by ${shown}`);
  }
  for (const session of others) {
    assert.deepEqual(await stored(store, session), session, `not meant by ${shown}`);
  }
}

async function revokesOne(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  const one = await put(store, { userId });
  const two = await put(store, { userId });
  const three = await put(store, { userId });
  const stranger = await put(store, {});
  const all = [one, two, three, stranger];
  await revokes(store, { id: one.id, userId: stranger.userId }, [], all);
  await revokes(store, { id: fresh(), userId }, [], all);
  await revokes(store, { id: fresh() }, [], all);
  await revokes(store, { id: one.id, userId }, [one], [two, three, stranger]);
  await revokes(store, { id: two.id }, [two], [three, stranger]);
  const listed = await store.listActive(userId, NOW, 10);
  assert.deepEqual(listed.map(fieldsOf), [three], 'listActive after others of the user ended');
  await revokes(store, { userId }, [three], [stranger]);
}

async function revokesAll(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  const own = [await put(store, { userId }), await put(store, { userId, generation: 4 })];
  const strangers = [await put(store, {}), await put(store, { userId: `${userId}x` })];
  await revokes(store, { userId: fresh() }, [], [...own, ...strangers]);
  await revokes(store, { userId }, own, strangers);

  const many = fresh();
  await putMany(store, MANY, { userId: many });
  assert.equal(await store.revoke({ userId: many }, 'logout_all', NOW), MANY);
  assert.deepEqual(await store.listActive(many, NOW, 10), []);
}

async function spares(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  const one = await put(store, { userId });
  const two = await put(store, { userId });
  const stranger = await put(store, {});
  await revokes(store, { userId, exceptId: one.id }, [two], [one, stranger]);
  await revokes(store, { userId, exceptId: one.id }, [], [one, stranger]);
  const listed = await store.listActive(userId, NOW, 10);
  assert.deepEqual(listed.map(fieldsOf), [one], 'listActive after the others ended');
  await revokes(store, { userId, exceptId: two.id }, [one], [stranger]);

  for (const exceptId of [stranger.id, fresh(), '-']) {
    const own = [await put(store, { userId }), await put(store, { userId })];
    await revokes(store, { userId, exceptId }, own, [stranger]);
  }
  for (const index of lookAlikesOf(fresh()).keys()) {
    const own = await put(store, { userId });
    const exceptId = lookAlikesOf(own.id)[index]!;
    await revokes(store, { userId, exceptId }, [own], [stranger]);
  }
}

async function revokesEverything(store: RefreshTokenStore): Promise<void> {
  await store.revoke('everything', 'everything', NOW);
  const before = { revokedAt: NOW - 1, revokedReason: 'logout' as const };
  const ended = await put(store, before);
  const namesake = await put(store, { userId: 'everything' });
  const sessions = [
    await put(store, {}),
    await put(store, {}),
    await put(store, { generation: 4, rotatedAt: NOW }),
    await put(store, { expiresAt: NOW - 1 }),
    await put(store, { expiresAt: NOW - 1, absoluteExpiresAt: NOW - 1 }),
  ];
  await revokes(store, { userId: 'everything' }, [namesake], [...sessions, ended]);
  await revokes(store, 'everything', sessions, [ended]);
  await putMany(store, MANY, {});
  assert.equal(await store.revoke('everything', 'everything', NOW), MANY);
  await revokes(store, 'everything', [], [ended]);
}

const REASONS = Object.keys({
  logout: true,
  logout_all: true,
  new_login: true,
  revoked: true,
  password_changed: true,
  session_limit: true,
  user_gone: true,
  reuse: true,
  everything: true,
} satisfies Record<RevocationReason, true>) as RevocationReason[];

async function writes(store: RefreshTokenStore): Promise<void> {
  for (const [index, reason] of REASONS.entries()) {
    const now = MOMENTS[index % MOMENTS.length]!;
    const userId = fresh();
    const values = { userId, generation: index, ip: '192.0.2.7', userAgent: 'curl' };
    const [one, two, three] = [
      await put(store, values, now),
      await put(store, { userId }, now),
      await put(store, { userId }, now),
    ];
    const targets: [RevocationTarget, SessionRow][] = [
      [{ id: one.id }, one],
      [{ userId, exceptId: three.id }, two],
      [{ userId }, three],
    ];
    for (const [target, session] of targets) {
      const shown = `revoke of ${JSON.stringify(target)}`;
      assert.equal(await store.revoke(target, reason, now), 1, `count of the ${shown}`);
      const revoked = { ...session, revokedAt: now, revokedReason: reason };
      assert.deepEqual(await stored(store, session), revoked, `find after the ${shown}`);
    }
  }
}

async function datesNoEarlier(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const userId = fresh();
  const sessions: [rotatedAt: number, revokedAt: number][] = [
    [NOW - DAY, NOW],
    [NOW, NOW],
    [NOW + 1, NOW + 1],
    [NOW + DAY, NOW + DAY],
  ];
  const values = ([rotatedAt]: [number, number]) => ({ userId, createdAt: NOW - DAY, rotatedAt });
  for (const one of sessions) {
    const session = await put(store, values(one));
    assert.equal(await store.revoke({ id: session.id }, 'logout', NOW), 1);
    assert.equal((await stored(store, session)).revokedAt, one[1], 'of one session');
  }
  await store.revoke('everything', 'everything', NOW);
  for (const target of [{ userId }, { userId, exceptId: fresh() }, 'everything'] as const) {
    const all = await Promise.all(sessions.map(async (each) => put(store, values(each))));
    assert.equal(await store.revoke(target, 'logout_all', NOW), all.length);
    const ended = await store.revokedSince(NOW);
    const returned = new Map(ended.map(({ id, revokedAt }) => [id, revokedAt]));
    for (const [index, session] of all.entries()) {
      const [rotatedAt, revokedAt] = sessions[index]!;
      const revoked = { ...session, rotatedAt, revokedAt, revokedReason: 'logout_all' };
      assert.deepEqual(await stored(store, session), revoked, 'of all sessions');
      assert.equal(returned.get(session.id), revokedAt, 'revokedSince');
    }
  }
  await datesNoEarlierBeside(store, openStore);
}

/** The same, while an instance whose clock is ahead rotates at the same moment. */
async function datesNoEarlierBeside(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    for (const isRevokedFirst of [true, false]) {
      for (const targetOf of isRevokedFirst ? [byId, byUser] : [byId]) {
        const session = await put(store, {});
        const revoke = async () => one.revoke(targetOf(session), 'logout', NOW);
        const rotate = async () => two.rotate(rotationOf(session, LEEWAY, NOW + 5000));
        const [count, isRotated] = isRevokedFirst
          ? await inTurn(revoke, rotate)
          : (await inTurn(rotate, revoke)).toReversed();
        assert.equal(count, 1, 'sessions revoked beside a rotation');
        const { revokedAt } = await stored(store, session);
        assert.equal(revokedAt, isRotated ? NOW + 5000 : NOW, 'beside a rotation');
      }
    }
  });
}

async function revokesExpired(store: RefreshTokenStore): Promise<void> {
  for (const expiresAt of [NOW, NOW - 1, NOW - 400 * DAY]) {
    const userId = fresh();
    const one = await put(store, { userId, expiresAt });
    const two = await put(store, { userId, expiresAt, absoluteExpiresAt: expiresAt });
    const three = await put(store, { userId, expiresAt });
    const four = await put(store, { userId, expiresAt });
    await revokes(store, { id: one.id, userId: fresh() }, [], [one, two, three, four]);
    await revokes(store, { id: one.id }, [one], [two, three, four]);
    await revokes(store, { id: two.id, userId }, [two], [three, four]);
    await revokes(store, { userId, exceptId: four.id }, [three], [four]);
    await revokes(store, { userId }, [four], []);
  }
}

async function leavesRevoked(store: RefreshTokenStore): Promise<void> {
  for (const revokedAt of [0, NOW - DAY, NOW, NOW + DAY]) {
    const userId = fresh();
    const ended = await put(store, { userId, revokedAt, revokedReason: 'logout' });
    const targets: RevocationTarget[] = [
      { id: ended.id },
      { id: ended.id, userId },
      { userId },
      { userId, exceptId: fresh() },
    ];
    for (const target of targets) await revokes(store, target, [], [ended]);
    const live = await put(store, { userId });
    await revokes(store, { userId }, [live], [ended]);
  }
}
