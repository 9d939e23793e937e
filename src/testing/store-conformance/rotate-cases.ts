import assert from 'node:assert/strict';
import type {
  RefreshTokenStore,
  Rotation,
  SessionRow,
} from '../../sessions/refresh-token-store.js';
import { hashSecret } from '../../tokens/ratchet.js';
import { judge, type JudgedToken } from '../../sessions/verdict.js';
import {
  ADDRESSES,
  DAY,
  GENERATIONS,
  LEEWAY,
  MOMENTS,
  NOW,
  USER_AGENTS,
  put,
  rotatedSession,
  rotationOf,
  stored,
} from './sample-sessions.js';
import type { StoreCases } from './store-case.js';

export const rotateCases: StoreCases = {
  'Rotates a row of exactly this id, user id, generation, token hash and absolute expiry, and no other.':
    comparesEveryField,
  'Never rotates a revoked session, whatever the moment it was revoked at.': notRevoked,
  'Never rotates an expired session: `expiresAt` has to be later than `now`.': notExpired,
  "Waits for the leeway: the row's `rotatedAt` has to be at or before `rotatedAtOrBefore`.": waits,
  'Rotates generation 0 at once, whatever `rotatedAtOrBefore` says.': rotatesFirstAtOnce,
  'Rotates a row of any age if `rotatedAtOrBefore` is null.': rotatesAnyAge,
  "Rotates exactly where the module's own verdict on the row is `rotated`.": rotatesWhereJudged,
  'Writes `next` as it is, null included, and `now` as `rotatedAt`, and nothing else.': writesNext,
  'Has written before it returns true: the same rotation again returns false, and the row holds the successor.':
    lostResponse,
};

/** Whether the session was rotated; fails if the row doesn't match that result. */
async function rotates(
  store: RefreshTokenStore,
  session: SessionRow,
  rotation: Rotation,
  message?: string,
): Promise<boolean> {
  const isRotated = await store.rotate(rotation);
  assert.equal(typeof isRotated, 'boolean', 'what rotate returns');
  const row = isRotated ? rotatedSession(session, rotation) : session;
  assert.deepEqual(await stored(store, session), row, message);
  return isRotated;
}

async function comparesEveryField(store: RefreshTokenStore): Promise<void> {
  const values = { generation: 5, ip: '192.0.2.7', userAgent: 'Firefox' };
  const session = await put(store, values);
  // Same user and same token, so that only the id differs.
  const { id: _, ...likewise } = session;
  const twin = await put(store, likewise);
  const rotation = rotationOf(session);
  const { generation, tokenHash, userId, absoluteExpiresAt } = rotation;
  const other = (at: number) =>
    `${tokenHash.slice(0, at)}${tokenHash[at] === '0' ? '1' : '0'}${tokenHash.slice(at + 1)}`;
  const wrong: Partial<Rotation>[] = [
    ...[-5, -1, 1, 2, 100, 2 ** 8, 2 ** 16, 2 ** 20].map((more) => ({
      generation: generation + more,
    })),
    ...[0, 1, 8, 16, 32, 48, 62, 63].map((at) => ({ tokenHash: other(at) })),
    ...[0, 1, 8, 32, 63].map((length) => ({ tokenHash: tokenHash.slice(0, length) })),
    { tokenHash: `${tokenHash}0` },
    { tokenHash: tokenHash.toUpperCase() },
    { tokenHash: `${tokenHash} ` },
    { tokenHash: rotation.next.tokenHash },
    ...[`${userId}0`, userId.slice(0, -1), `${userId} `, '%', ''].map((each) => ({ userId: each })),
    ...[-DAY, -1, 1, DAY].map((more) => ({ absoluteExpiresAt: absoluteExpiresAt + more })),
  ];
  for (const change of wrong) {
    const message = `where only this is wrong: ${JSON.stringify(change)}`;
    const isRotated = await rotates(store, session, { ...rotation, ...change }, message);
    assert.equal(isRotated, false, `rotates ${message}`);
  }
  assert.equal(await rotates(store, session, rotation), true);
  assert.deepEqual(await stored(store, twin), twin, 'the same token under another id');
}

async function notRevoked(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    for (const revokedAt of [0, now - DAY, now - 1, now, now + 1, now + DAY]) {
      const session = await put(store, { revokedAt, revokedReason: 'logout' }, now);
      assert.equal(await rotates(store, session, rotationOf(session, 0, now)), false);
    }
  }
}

async function notExpired(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    for (const [expiresAt, expected] of [
      [now - 1, false],
      [now, false],
      [now + 1, true],
    ] as const) {
      const session = await put(store, { expiresAt }, now);
      const isRotated = await rotates(store, session, rotationOf(session, 0, now));
      assert.equal(isRotated, expected, `expiresAt ${expiresAt - now} ms after now`);
    }
  }
}

async function waits(store: RefreshTokenStore): Promise<void> {
  for (const now of MOMENTS) {
    for (const [rotatedAt, expected] of [
      [now - DAY, true],
      [now - LEEWAY - 1, true],
      [now - LEEWAY, true],
      [now - LEEWAY + 1, false],
      [now, false],
      // With the clock of an instance that is ahead.
      [now + 5000, false],
    ] as const) {
      // Created long ago and just now: only the last rotation counts.
      for (const [createdAt, generation] of [
        [now - DAY, 1],
        [now, 1],
        [now - DAY, 2 ** 20],
      ] as const) {
        const session = await put(store, { generation, createdAt, rotatedAt }, now);
        const isRotated = await rotates(store, session, rotationOf(session, LEEWAY, now));
        assert.equal(isRotated, expected, `rotatedAt ${rotatedAt - now} ms after now`);
      }
    }
    const session = await put(store, { generation: 1, rotatedAt: now }, now);
    const never = { ...rotationOf(session, LEEWAY, now), rotatedAtOrBefore: 0 };
    assert.equal(await rotates(store, session, never), false, 'rotatedAtOrBefore 0');
  }
}

async function rotatesFirstAtOnce(store: RefreshTokenStore): Promise<void> {
  for (const rotatedAt of [NOW - DAY, NOW - LEEWAY + 1, NOW, NOW + 5000]) {
    const session = await put(store, { generation: 0, createdAt: rotatedAt, rotatedAt });
    const isRotated = await rotates(store, session, rotationOf(session, LEEWAY));
    assert.equal(isRotated, true, `rotatedAt ${rotatedAt - NOW} ms after now`);
    const second = await stored(store, session);
    assert.equal(await rotates(store, second, rotationOf(second, LEEWAY)), false, 'generation 1');
  }
}

async function rotatesAnyAge(store: RefreshTokenStore): Promise<void> {
  for (const generation of [0, 1, 1_000_000]) {
    for (const rotatedAt of [NOW - DAY, NOW, NOW + 5000]) {
      const session = await put(store, { generation, rotatedAt });
      const rotation = { ...rotationOf(session), rotatedAtOrBefore: null };
      assert.equal(await rotates(store, session, rotation), true);
    }
  }
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
  const claims: Record<string, (rotation: Rotation) => Rotation> = {
    'is as the row says': (rotation) => rotation,
    'is of the generation after that of the row': (rotation) => ({
      ...rotation,
      generation: rotation.generation + 1,
    }),
    'is of the generation before that of the row, or of generation 0': (rotation) => ({
      ...rotation,
      generation: Math.max(0, rotation.generation - 1),
    }),
    'has another tokenHash than the row': (rotation) => ({
      ...rotation,
      tokenHash: hashSecret('forged'),
    }),
    'has another userId than the row': (rotation) => ({
      ...rotation,
      userId: `${rotation.userId}x`,
    }),
    'has an absoluteExpiresAt a second later than the row': (rotation) => ({
      ...rotation,
      absoluteExpiresAt: rotation.absoluteExpiresAt + 1000,
    }),
  };
  for (const leeway of [0, LEEWAY]) {
    for (const values of rows) {
      for (const [what, claim] of Object.entries(claims)) {
        const session = await put(store, values);
        const rotation = claim(rotationOf(session, leeway));
        const verdict = judge(session, presentationOf(rotation), NOW, leeway);
        const expected = verdict === 'rotated';
        const message = `rotate has to say ${expected} for a token that ${what}: the verdict is \`${verdict}\`. The row: ${JSON.stringify(session)}`;
        assert.equal(await rotates(store, session, rotation, message), expected, message);
      }
    }
  }
}

async function writesNext(store: RefreshTokenStore): Promise<void> {
  const clients = [
    { ip: '2001:db8::1', userAgent: 'Zoë’s browser 🦊' },
    { ip: '', userAgent: '' },
    { ip: null, userAgent: null },
    { ip: '192.0.2.1', userAgent: null },
    { ip: null, userAgent: 'curl' },
  ];
  for (const before of clients) {
    for (const after of clients) {
      const session = await put(store, { ...before, generation: 6 });
      const neighbour = await put(store, { userId: session.userId, generation: 6 });
      const rotation = rotationOf(session);
      // The absolute lifetime ends first, so the new expiry is earlier than the old one.
      const next = { ...rotation.next, ...after, expiresAt: NOW + 1234 };
      assert.equal(await rotates(store, session, { ...rotation, next }), true);
      assert.deepEqual(await stored(store, neighbour), neighbour, 'another session of the user');
    }
  }
  const others = [
    ...ADDRESSES.map((ip) => ({ ip })),
    ...USER_AGENTS.map((userAgent) => ({ userAgent })),
    ...GENERATIONS.slice(1).map((generation) => ({ generation })),
  ];
  for (const change of others) {
    const session = await put(store, { generation: 6 });
    const rotation = rotationOf(session);
    const next = { ...rotation.next, ...change };
    const isRotated = await rotates(store, session, { ...rotation, next });
    assert.equal(isRotated, true, JSON.stringify(change));
  }
  for (const generation of GENERATIONS.slice(0, -1)) {
    const session = await put(store, { generation });
    const isRotated = await rotates(store, session, rotationOf(session));
    assert.equal(isRotated, true, `the one after generation ${generation}`);
  }
}

/** The statement was committed but its response got lost: a crash, a cut connection, a repeated request. */
async function lostResponse(store: RefreshTokenStore): Promise<void> {
  for (const leeway of [0, LEEWAY]) {
    const session = await put(store, {});
    const rotation = rotationOf(session, leeway);
    assert.equal(await rotates(store, session, rotation), true);
    const again = { ...rotation, now: NOW + 1000 };
    const successor = rotatedSession(session, rotation);
    assert.equal(await rotates(store, successor, again), false);
    const verdict = judge(successor, presentationOf(again), NOW + 1000, leeway);
    assert.equal(verdict, leeway === 0 ? 'reused' : 'replayed');
    const onwards = rotationOf(successor, leeway, NOW + LEEWAY);
    assert.equal(await rotates(store, successor, onwards), true, 'the successor a leeway later');
  }
}

function presentationOf({ next, ...rotation }: Rotation): JudgedToken {
  return { ...rotation, nextTokenHash: next.tokenHash };
}
