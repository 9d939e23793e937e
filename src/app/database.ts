import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { authEntities, authMigrations } from 'nestjs-refresh-auth';
import type { DataSourceOptions } from 'typeorm';
import { CreateUsers1763800000001 } from './users/1763800000001-create-users.js';
import { User } from './users/user.entity.js';

/** The file of a `sqlite:` URL, or null for a server's. */
export function databaseFile(databaseUrl: string): string | null {
  return databaseUrl.startsWith('sqlite:') ? databaseUrl.replace(/^sqlite:(\/\/)?/, '') : null;
}

/** Milliseconds. Without them a database that hangs keeps a connection for the minutes that TCP takes to give up. */
const postgresPool = { connectionTimeoutMillis: 3000, query_timeout: 10_000, keepAlive: true };
const mysqlPool = { connectTimeout: 3000, enableKeepAlive: true };

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
    mkdirSync(dirname(file), { recursive: true });
    return { type: 'better-sqlite3', database: file, enableWAL: true, ...shared };
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
