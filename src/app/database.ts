import { closeSync, mkdirSync, openSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { dirname } from 'node:path';
import { authEntities, authMigrations } from 'nestjs-refresh-auth';
import type { DataSourceOptions } from 'typeorm';
import { CreateUsers1763800000001 } from './users/1763800000001-create-users.js';
import { User } from './users/user.entity.js';

/** The file of a `sqlite:` URL, or null for a server's. */
export function databaseFile(databaseUrl: string): string | null {
  return databaseUrl.startsWith('sqlite:') ? databaseUrl.replace(/^sqlite:(\/\/)?/, '') : null;
}

/**
 * Milliseconds, more than the module waits for any statement. A connection without traffic between two checks is
 * closed, whether it is waiting or idle.
 */
export const WATCHDOG_EVERY_MS = 6000;

/**
 * Without this, a dead connection (the server failed over, a firewall forgot it) would stay in the pool for the quarter
 * of an hour that TCP takes to give up. The drivers' own time limits don't help: they fail the query, and give the
 * connection, which still waits for its response, to the next query.
 */
function closedWhenSilent(socket: Socket): Socket {
  let seen = 0;
  return socket.setTimeout(WATCHDOG_EVERY_MS).on('timeout', () => {
    // With TLS, traffic doesn't reset the socket's timer, but its byte counters still grow.
    const moved = socket.bytesRead + socket.bytesWritten;
    if (moved === seen) socket.destroy(new Error('The database is silent.'));
    seen = moved;
    socket.setTimeout(WATCHDOG_EVERY_MS);
  });
}

const postgresPool = {
  connectionTimeoutMillis: 3000,
  stream: () => closedWhenSilent(new Socket()),
};
const mysqlPool = {
  connectTimeout: 3000,
  stream: ({ config }: { config: { host: string; port: number } }) =>
    closedWhenSilent(connect(config.port, config.host).setNoDelay(true)),
};

/** Milliseconds. While it waits for a lock, the driver blocks the whole process, so the wait must be short. */
const SQLITE_WAIT_MS = 20;

/** Readable only by its owner: it contains the users' hashes. SQLite gives the files beside it the same mode. */
function makePrivateFile(file: string): void {
  if (file === ':memory:') return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // An existing file keeps its mode: somebody may have chosen it on purpose.
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Where the reference app keeps its data: `sqlite:FILE`, `postgres://…`, `mysql://…` or `mariadb://…`.
 * @throws {Error} for any other URL
 */
export function dataSourceOptions(databaseUrl: string): DataSourceOptions {
  const shared = {
    entities: [User, ...authEntities],
    migrations: [...authMigrations, CreateUsers1763800000001],
  };
  const file = databaseFile(databaseUrl);
  if (file !== null) {
    makePrivateFile(file);
    return {
      type: 'better-sqlite3',
      database: file,
      enableWAL: true,
      timeout: SQLITE_WAIT_MS,
      ...shared,
    };
  }
  switch (databaseUrl.split(':', 1)[0]) {
    case 'postgres':
    case 'postgresql':
      return { type: 'postgres', url: databaseUrl, ...shared, extra: postgresPool };
    case 'mysql':
      return { type: 'mysql', url: databaseUrl, ...shared, extra: mysqlPool };
    case 'mariadb':
      return { type: 'mariadb', url: databaseUrl, ...shared, extra: mysqlPool };
    default:
      throw new Error(
        'DATABASE_URL must start with sqlite:, postgres://, mysql:// or mariadb://, for example sqlite:data/auth.sqlite',
      );
  }
}
