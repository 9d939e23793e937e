import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { RefreshTokenStore, Rotation, SessionRow } from '../sessions/refresh-token-store.js';
import { hashSecret } from '../sessions/ratchet.js';
import { judge, type Presentation } from '../sessions/rotation.js';

/** One promise that a store has to keep: `for (const { name, run } of cases) it(name, run)`. */
export interface ConformanceCase {
  name: string;
  /** Rejects with an AssertionError where the promise is broken. */
  run(): Promise<void>;
}

const LEEWAY = 30_000;
const DAY = 24 * 60 * 60_000;
const NOW = Date.parse('2030-01-01T00:00:00.500Z');

/**
 * What any {@link RefreshTokenStore} has to hold, for every test runner.
 * The cases use sessions of their own and may share a store, but `deleteEnded` is asked to delete what ended before
 * 2030: don't point it at a database that matters.
 */
export function refreshTokenStoreConformance(
  openStore: () => RefreshTokenStore | Promise<RefreshTokenStore>,
): ConformanceCase[] {
  const cases: [string, (store: RefreshTokenStore) => Promise<void>][] = [
    ['gives back a session as it was put in', givesBack],
    ['knows nothing of a session that was never put in', knowsNothing],
    ['rotates exactly where the verdict says so', rotatesWhereJudged],
    ['lets one of fifty rotations of one token win, and writes one generation', oneWins],
    ['answers a lost response with the same successor', lostResponse],
    ['rotates by the clock of an instance that is five seconds behind', clockSkew],
    ['never lets a rotation win after a revocation', revocationWins],
    ['ends one session, a user’s, a user’s others, and counts them', revokes],
    ['ends nothing twice, and what expired as well', endsOnce],
    ['dates no revocation before the last rotation, whatever the clock says', datesNoEarlier],
    ['lists the live sessions of one user, the latest first', lists],
    ['tells which sessions were revoked of late and still matter', tellsRevoked],
    ['deletes what ended, in slices, and nothing that lives', purges],
  ];
  return cases.map(([name, run]) => ({ name, run: async () => run(await openStore()) }));
}

async function givesBack(store: RefreshTokenStore): Promise<void> {
  const plain = await put(store, {});
  const full = await put(store, {
    ip: '2001:db8::1',
    userAgent: 'Zoë’s browser 🦊'.padEnd(255, 'x'),
  });
  assert.deepEqual(await found(store, plain), plain);
  assert.deepEqual(await found(store, full), full);
}

async function knowsNothing(store: RefreshTokenStore): Promise<void> {
  assert.equal(await store.find(fresh()), null);
  assert.equal(await store.rotate(rotationOf(row({}))), false);
}

async function rotatesWhereJudged(store: RefreshTokenStore): Promise<void> {
  const rows: Partial<SessionRow>[] = [
    {},
    { generation: 3, rotatedAt: NOW - LEEWAY },
    { generation: 3, rotatedAt: NOW - LEEWAY + 1 },
    { generation: 3, rotatedAt: NOW + 5000 },
    { expiresAt: NOW },
    { expiresAt: NOW + 1 },
    { revokedAt: NOW - 1, revokedReason: 'logout' },
  ];
  const claims: ((rotation: Rotation) => Rotation)[] = [
    (rotation) => rotation,
    (rotation) => ({ ...rotation, generation: rotation.generation + 1 }),
    (rotation) => ({ ...rotation, generation: Math.max(0, rotation.generation - 1) }),
    (rotation) => ({ ...rotation, tokenHash: hashSecret('forged') }),
    (rotation) => ({ ...rotation, userId: `${rotation.userId}x` }),
    (rotation) => ({ ...rotation, absoluteExpiresAt: rotation.absoluteExpiresAt + 1000 }),
  ];
  for (const leeway of [0, LEEWAY]) {
    for (const values of rows) {
      for (const claim of claims) {
        const session = await put(store, values);
        const rotation = claim(rotationOf(session, leeway));
        const verdict = judge(session, presentationOf(rotation), NOW, leeway);
        const rotated = await store.rotate(rotation);
        assert.equal(rotated, verdict === 'rotate', `${verdict} with ${JSON.stringify(values)}`);
        const after = await found(store, session);
        assert.deepEqual(after, rotated ? rotatedRow(session, rotation) : session);
      }
    }
  }
}

async function oneWins(store: RefreshTokenStore): Promise<void> {
  const session = await put(store, {});
  const results = await Promise.all(
    Array.from({ length: 50 }, () => store.rotate(rotationOf(session))),
  );
  assert.equal(results.filter(Boolean).length, 1);
  assert.equal((await found(store, session)).generation, 1);
}

/** The statement was committed and nobody heard of it: a crash, a cut, a re-sent request. */
async function lostResponse(store: RefreshTokenStore): Promise<void> {
  const session = await put(store, {});
  const rotation = rotationOf(session);
  assert.equal(await store.rotate(rotation), true);
  const again = { ...rotation, now: NOW + 1000 };
  assert.equal(await store.rotate(again), false);
  const stored = await found(store, session);
  assert.equal(judge(stored, presentationOf(again), NOW + 1000, LEEWAY), 'replay');
  assert.equal(stored.tokenHash, rotation.next.tokenHash);
}

async function clockSkew(store: RefreshTokenStore): Promise<void> {
  const session = await put(store, {});
  assert.equal(await store.rotate(rotationOf(session)), true);
  const ahead = await found(store, session);
  assert.equal(await store.rotate(rotationOf(ahead, LEEWAY, NOW - 5000)), false);
  assert.equal(await store.rotate(rotationOf(ahead, LEEWAY, NOW + LEEWAY)), true);
}

async function revocationWins(store: RefreshTokenStore): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const session = await put(store, {});
    await Promise.all([
      store.rotate(rotationOf(session)),
      store.revoke({ id: session.id }, 'logout', NOW),
    ]);
    const after = await found(store, session);
    assert.equal(after.revokedAt, NOW);
    assert.equal(await store.rotate(rotationOf(after, 0, NOW + DAY / 2)), false);
  }
}

async function revokes(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  const [one, two, three] = [
    await put(store, { userId }),
    await put(store, { userId }),
    await put(store, { userId }),
  ];
  const stranger = await put(store, {});
  assert.equal(await store.revoke({ id: one.id, userId: stranger.userId }, 'revoked', NOW), 0);
  assert.equal(await store.revoke({ id: one.id, userId }, 'revoked', NOW), 1);
  assert.equal((await found(store, one)).revokedReason, 'revoked');
  assert.equal(await store.revoke({ userId, exceptId: two.id }, 'password_changed', NOW), 1);
  assert.equal((await found(store, three)).revokedReason, 'password_changed');
  assert.equal((await found(store, two)).revokedAt, null);
  assert.equal(await store.revoke({ userId }, 'logout_all', NOW), 1);
  assert.equal((await found(store, stranger)).revokedAt, null);
}

async function endsOnce(store: RefreshTokenStore): Promise<void> {
  const session = await put(store, {});
  const expired = await put(store, { expiresAt: NOW });
  assert.equal(await store.revoke({ id: session.id }, 'logout', NOW), 1);
  assert.equal(await store.revoke({ id: session.id }, 'reuse', NOW + 1), 0);
  assert.equal((await found(store, session)).revokedReason, 'logout');
  assert.equal(await store.revoke({ id: expired.id }, 'logout', NOW), 1);
  assert.equal((await found(store, expired)).revokedAt, NOW);
}

async function datesNoEarlier(store: RefreshTokenStore): Promise<void> {
  const session = await put(store, { createdAt: NOW - 1000, rotatedAt: NOW - 1000 });
  assert.equal(await store.revoke({ id: session.id }, 'logout', NOW - DAY), 1);
  const { revokedAt } = await found(store, session);
  assert.equal(revokedAt, session.rotatedAt);
  const told = await store.revokedSince(session.rotatedAt);
  assert.ok(told.some(({ id }) => id === session.id));
}

async function lists(store: RefreshTokenStore): Promise<void> {
  const userId = fresh();
  const older = await put(store, { userId, createdAt: NOW - 2000 });
  const newer = await put(store, { userId, createdAt: NOW - 1000 });
  await put(store, { userId, expiresAt: NOW });
  await put(store, { userId, revokedAt: NOW - 1, revokedReason: 'logout' });
  const listed = async (limit: number) =>
    (await store.listActive(userId, NOW, limit)).map((session) => ({ ...session }));
  assert.deepEqual(await listed(3), [newer, older]);
  assert.deepEqual(await listed(1), [newer]);
}

async function tellsRevoked(store: RefreshTokenStore): Promise<void> {
  const of = async (revokedAt: number, rotatedAt: number) =>
    (await put(store, { revokedAt, revokedReason: 'logout', rotatedAt })).id;
  const meant = [await of(NOW, NOW - 1000), await of(NOW, NOW - DAY)];
  const tooOld = await of(NOW - 1, NOW - 1000);
  const told = await store.revokedSince(NOW);
  for (const id of meant) {
    assert.ok(told.some((ended) => ended.id === id && ended.revokedAt === NOW));
  }
  assert.ok(!told.some(({ id }) => id === tooOld));
}

async function purges(store: RefreshTokenStore): Promise<void> {
  while ((await store.deleteEnded(NOW - DAY, 500)).found === 500);
  const long = { absoluteExpiresAt: NOW - 2 * DAY, expiresAt: NOW - 2 * DAY };
  const ended = [
    await put(store, long),
    await put(store, long),
    await put(store, { revokedAt: NOW - 2 * DAY, revokedReason: 'logout' }),
  ];
  const kept = [
    await put(store, {}),
    await put(store, { revokedAt: NOW, revokedReason: 'logout' }),
  ];
  for (const count of [2, 1, 0]) {
    const slice = await store.deleteEnded(NOW - DAY, 2);
    assert.deepEqual(slice, { found: count, deleted: count });
  }
  for (const { id } of ended) assert.equal(await store.find(id), null);
  for (const session of kept) assert.deepEqual(await found(store, session), session);
}

function fresh(): string {
  return randomBytes(16).toString('hex');
}

function row(values: Partial<SessionRow>): SessionRow {
  return {
    id: fresh(),
    userId: fresh(),
    tokenHash: hashSecret(fresh()),
    generation: 0,
    createdAt: NOW - DAY,
    rotatedAt: NOW - DAY,
    expiresAt: NOW + DAY,
    absoluteExpiresAt: NOW + 2 * DAY,
    revokedAt: null,
    revokedReason: null,
    ip: null,
    userAgent: null,
    ...values,
  };
}

async function put(store: RefreshTokenStore, values: Partial<SessionRow>): Promise<SessionRow> {
  const session = row(values);
  await store.insert({ ...session });
  return session;
}

async function found(store: RefreshTokenStore, { id }: SessionRow): Promise<SessionRow> {
  const session = await store.find(id);
  assert.ok(session !== null);
  return { ...session };
}

/** The rotation that the session's current token asks for. */
function rotationOf(session: SessionRow, leeway = LEEWAY, now = NOW): Rotation {
  const { id, userId, generation, tokenHash, absoluteExpiresAt } = session;
  return {
    id,
    userId,
    generation,
    tokenHash,
    absoluteExpiresAt,
    rotatedAtOrBefore: leeway === 0 ? null : now - leeway,
    now,
    next: {
      tokenHash: hashSecret(`after ${tokenHash}`),
      expiresAt: now + DAY,
      ip: '192.0.2.1',
      userAgent: 'curl',
    },
  };
}

function presentationOf({ next, ...rotation }: Rotation): Presentation {
  return { ...rotation, nextTokenHash: next.tokenHash };
}

function rotatedRow(session: SessionRow, { next, now }: Rotation): SessionRow {
  return { ...session, ...next, generation: session.generation + 1, rotatedAt: now };
}
