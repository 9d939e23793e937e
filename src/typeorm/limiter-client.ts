import { callbackify } from 'node:util';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { sessionDatabase } from './open-session-database.js';
import { SqliteDatabase, type SqliteConnection } from './sqlite-database.js';

/** The connection for rate-limiter-flexible: it counts on the primary and outside the app's transactions. */
export type LimiterClient =
  | { database: 'postgres'; settings: { storeClient: object; storeType: 'client' } }
  | { database: 'mysql'; settings: { storeClient: object; storeType: 'pool'; dbName: string } }
  | { database: 'better-sqlite3'; settings: { storeClient: object; storeType: 'better-sqlite3' } };

/** @throws {AuthConfigurationError} for a database that rate-limiter-flexible does not support */
export function limiterClient(dataSource: DataSource): LimiterClient {
  const database = sessionDatabase(dataSource);
  const { type } = dataSource.options;
  if (type === 'postgres') {
    return {
      database: 'postgres',
      settings: {
        storeType: 'client',
        storeClient: {
          // Without its name, which would make it a prepared statement; those get lost behind a PgBouncer.
          async query({ text, values }: { text: string; values: unknown[] }) {
            const { records, affected } = await database.run(text, values);
            return { rows: records.map(counted), rowCount: affected };
          },
        },
      },
    };
  }
  if (type === 'mysql' || type === 'mariadb') {
    const driver = dataSource.driver as unknown as MysqlDriver;
    return {
      database: 'mysql',
      settings: {
        storeType: 'pool',
        dbName: driver.database,
        storeClient: {
          getConnection: callbackify(() => driver.obtainMasterConnection()),
        },
      },
    };
  }
  if (database instanceof SqliteDatabase) {
    return {
      database: 'better-sqlite3',
      settings: { storeType: 'better-sqlite3', storeClient: sqliteClient(database) },
    };
  }
  throw new AuthConfigurationError(
    `limits.store "database" works on PostgreSQL, MySQL, MariaDB and better-sqlite3, not on ${type}: use "memory".`,
  );
}

/** Never waits, and fails while the app has a transaction open; the memory counts meanwhile. */
function sqliteClient(database: SqliteDatabase): object {
  let inside: SqliteConnection | null = null;
  return {
    prepare: (sql: string) => (inside ?? database.connectionNow()).prepare(sql),
    transaction: (work: () => unknown) => () => {
      inside = database.connectionNow();
      try {
        return inside.transaction(work)();
      } finally {
        inside = null;
      }
    },
  };
}

interface MysqlDriver {
  database: string;
  /** From the pool, or from the primary's if there are replicas. */
  obtainMasterConnection(): Promise<unknown>;
}

/** Converts numbers back, whatever the app has configured its driver to return. */
function counted(row: Record<string, unknown>): Record<string, unknown> {
  const { points, expire } = row;
  return {
    points: Number(points),
    expire: expire === null || expire === undefined ? null : Number(expire),
  };
}
