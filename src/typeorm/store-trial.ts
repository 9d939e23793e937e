import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { SessionRow } from '../sessions/refresh-token-store.js';
import { sessionDatabase } from './open-session-database.js';
import { RefreshToken } from './refresh-token.entity.js';
import { SessionStatements } from './session-statements.js';
import { StatementWriter } from './statement-writer.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';

/** Another instance may end or purge every session at the same time. */
const TRIALS = 3;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Puts one session through everything that happens to sessions, and deletes it: whatever the table, its collations, the
 * server's modes and the driver's options do, it must come back unchanged.
 * @throws {AuthConfigurationError} with what came back changed
 */
export async function tryStore(dataSource: DataSource): Promise<void> {
  let fault: string | null = null;
  for (let trial = 1; trial <= TRIALS; trial += 1) {
    fault = await faultOf(dataSource);
    if (fault === null) return;
  }
  throw new AuthConfigurationError(
    `the table refresh_tokens is other than authMigrations makes it, or the driver is set up to change what it reads: ${fault}`,
  );
}

async function faultOf(dataSource: DataSource): Promise<string | null> {
  const store = new TypeOrmRefreshTokenStore(dataSource);
  const session = fullSession();
  try {
    return await faultWith(store, session);
  } finally {
    const remove = new StatementWriter(dataSource, RefreshToken).write(
      new SessionStatements(dataSource.options.type).delete(1),
    );
    await sessionDatabase(dataSource).run(remove.sql, [session.id]);
  }
}

async function faultWith(
  store: TypeOrmRefreshTokenStore,
  session: SessionRow,
): Promise<string | null> {
  await store.insert(session);
  const found = await store.find(session.id);
  const changed = (Object.keys(session) as (keyof SessionRow)[]).find(
    (key) => !isDeepStrictEqual(found?.[key], session[key]),
  );
  if (changed !== undefined) return `${changed} is not read as it was written.`;
  for (const other of [session.id.toUpperCase(), `${session.id} `]) {
    if ((await store.find(other)) !== null) return inexact('id');
  }
  for (const other of alike(session.userId)) {
    if (await isFoundFor(store, other)) return inexact('userId');
  }
  if (await isAccepted(store, session))
    return 'the same id can be inserted twice: id must be the primary key.';
  const rotation = {
    ...session,
    rotatedAtOrBefore: null,
    now: session.createdAt,
    next: { ...session, generation: 1 },
  };
  const rotations = [await store.rotate(rotation), await store.rotate(rotation)];
  if (!isDeepStrictEqual(rotations, [true, false]))
    return 'an update does not say how many rows it changed.';
  const revoked = await store.revoke({ id: session.id, userId: session.userId }, 'revoked', 1);
  if (revoked !== 1) return 'an update does not say how many rows it changed.';
  return (await store.find(session.id))?.revokedAt === session.createdAt
    ? null
    : 'a change is not read after it was made.';
}

function inexact(column: string): string {
  return `${column} is compared without regard to case, accents or spaces, so that two users could be taken for one: give the column a binary collation (utf8mb4_bin on MySQL and MariaDB), as authMigrations do, also beside \`synchronize\`.`;
}

/**
 * As long as rows get, with characters that are easily lost. It ended long ago, so it is deleted like any other if this
 * process dies now.
 */
function fullSession(): SessionRow {
  const now = Date.now();
  return {
    id: `trial${randomBytes(32).toString('hex')}`.slice(0, 64).replace(/.$/, 'a'),
    userId: `trial é ${randomBytes(16).toString('hex')} `.padEnd(254, 'x') + 'y',
    tokenHash: randomBytes(32).toString('hex'),
    generation: 0,
    createdAt: now,
    rotatedAt: now,
    expiresAt: now + 1,
    absoluteExpiresAt: now + DAY_MS,
    revokedAt: null,
    revokedReason: null,
    ip: '0000:'.repeat(13).slice(0, 64),
    userAgent: `it's a "trial" \\ é`.padEnd(255, '.'),
  };
}

/** Other ids that a loose comparison treats as the same. */
function alike(userId: string): string[] {
  return [userId.toUpperCase(), userId.replace('é', 'e'), userId.normalize('NFD'), `${userId} `];
}

async function isFoundFor(store: TypeOrmRefreshTokenStore, userId: string): Promise<boolean> {
  // A database that can't store this character can't confuse it with another.
  const rows = await store.listActive(userId, 0, 1).catch(() => []);
  return rows.length > 0;
}

async function isAccepted(store: TypeOrmRefreshTokenStore, again: SessionRow): Promise<boolean> {
  return store.insert(again).then(
    () => true,
    () => false,
  );
}
