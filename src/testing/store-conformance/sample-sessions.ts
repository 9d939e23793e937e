import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type {
  RefreshTokenStore,
  Rotation,
  SessionRow,
} from '../../sessions/refresh-token-store.js';
import { hashSecret } from '../../tokens/ratchet.js';

export const LEEWAY = 30_000;
export const DAY = 24 * 60 * 60_000;
export const NOW = Date.parse('2100-01-01T00:00:00.123Z');
/**
 * Time-dependent cases run long before and long after the current time, so that a store that uses its own clock fails.
 */
export const MOMENTS = [Date.parse('2001-09-09T01:46:40.123Z'), NOW];

/** An id that no other session and no other user has. */
export function fresh(): string {
  return randomBytes(16).toString('hex');
}

/** A live session of a new user, at a given time. */
export function sampleSession(values: Partial<SessionRow> = {}, now = NOW): SessionRow {
  return {
    id: fresh(),
    userId: fresh(),
    tokenHash: hashSecret(fresh()),
    generation: 0,
    createdAt: now - DAY,
    rotatedAt: now - DAY,
    expiresAt: now + DAY,
    absoluteExpiresAt: now + 2 * DAY,
    revokedAt: null,
    revokedReason: null,
    ip: null,
    userAgent: null,
    ...values,
  };
}

export async function put(
  store: RefreshTokenStore,
  values: Partial<SessionRow> = {},
  now = NOW,
): Promise<SessionRow> {
  const session = sampleSession(values, now);
  await store.insert({ ...session });
  return session;
}

/** Enough simultaneous calls to keep a connection pool busy without overrunning it. */
const AT_ONCE = 50;

export async function putMany(
  store: RefreshTokenStore,
  count: number,
  values: Partial<SessionRow>,
): Promise<SessionRow[]> {
  const sessions: SessionRow[] = [];
  while (sessions.length < count) {
    const slice = Array.from({ length: Math.min(AT_ONCE, count - sessions.length) });
    sessions.push(...(await Promise.all(slice.map(() => put(store, values)))));
  }
  return sessions;
}

/** The session as it is stored now. */
export async function stored(store: RefreshTokenStore, { id }: SessionRow): Promise<SessionRow> {
  const session = await store.find(id);
  assert.ok(
    session !== null,
    `the session ${id} was inserted and is not found. ${NO_TIME_TO_LIVE}`,
  );
  return fieldsOf(session);
}

const NO_TIME_TO_LIVE =
  'Only deleteEnded may delete it: a session has no time to live in the store, because the times of a case lie in 2001 ' +
  'or 2100.';

/** Only the fields in the contract; a store may return more. */
export function fieldsOf(session: SessionRow): SessionRow {
  const keys = Object.keys(sampleSession()) as (keyof SessionRow)[];
  return Object.fromEntries(keys.map((key) => [key, session[key]])) as unknown as SessionRow;
}

/** Client addresses and names of maximal length, with characters that are easily lost. */
export const ADDRESSES = [
  '192.0.2.128',
  '203.0.113.255',
  '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
  '::ffff:192.0.2.128',
  '0000:0000:0000:0000:0000:ffff:192.168.100.228',
  'fe80::1%eth0',
  '2001:DB8::A',
  'fe80::1ff:fe23:4567:890a%'.padEnd(64, 'e'),
];
export const USER_AGENTS = [
  'Zoë’s browser 🦊'.padEnd(255, 'x'),
  'Zoe\u0308’s browser',
  '\uFF2D\uFF4F\u017Filla',
  ' a  browser ',
  `it's a "browser" \\ %_`,
  'null',
  '007',
  '1e3',
];

/** A reissue continues with the next multiple of 2^20, and the column ends at 2^31 - 1. */
export const GENERATIONS = [
  1,
  2 ** 16,
  2 ** 20,
  2 ** 20 + 1,
  2 ** 24 + 1,
  2 ** 31 - 2,
  2 ** 31 - 1,
];

/** More sessions than most stores return in one response. */
export const THOUSANDS = 5001;

/** The rotation that the session's current token requests. */
export function rotationOf(session: SessionRow, leeway = LEEWAY, now = NOW): Rotation {
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
      generation: generation + 1,
      tokenHash: hashSecret(`after ${tokenHash}`),
      expiresAt: now + DAY,
      ip: '192.0.2.1',
      userAgent: 'curl',
    },
  };
}

/** The row after a successful rotation. */
export function rotatedSession(session: SessionRow, { next, now }: Rotation): SessionRow {
  return { ...session, ...next, rotatedAt: now };
}

/** Deletes in slices, as the module does, but not endlessly. */
export async function deleteAll(store: RefreshTokenStore, before: number): Promise<void> {
  for (let slices = 0; slices < 1000; slices += 1) {
    const { found } = await store.deleteEnded(before, 500);
    if (found < 500) return;
  }
  assert.fail('deleteEnded finds `limit` sessions for ever');
}
