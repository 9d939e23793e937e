import { callbackify } from 'node:util';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { sessionDatabase } from './open-session-database.js';
import { SqliteDatabase, type SqliteConnection } from './sqlite-database.js';

/** What rate-limiter-flexible connects with, so that it counts on the primary and outside the app's transactions. */
export type LimiterClient =
  | { database: 'postgres'; settings: { storeClient: object; storeType: 'client' } }
  | { database: 'mysql'; settings: { storeClient: object; storeType: 'pool'; dbName: string } }
  | { database: 'better-sqlite3'; settings: { storeClient: object; storeType: 'better-sqlite3' } };

/** @throws {AuthConfigurationError} for a database that rate-limiter-flexible can't count in */
export function limiterClient(dataSource: DataSource): LimiterClient {
  const database = sessionDatabase(dataSource);
  const { type } = dataSource.options;
  if (type === 'postgres') {
    return {
      database: 'postgres',
      settings: {
        storeType: 'client',
        storeClient: {
          // Without the name that would make it a prepared statement, which gets lost behind a PgBouncer.
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

/** Never waits, and fails while the app has a transaction open, so that the memory counts meanwhile. */
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
  /** Of the pool, or of the primary where there are replicas. */
  obtainMasterConnection(): Promise<unknown>;
}

/** Whatever the app has taught its driver to make of numbers. */
function counted(row: Record<string, unknown>): Record<string, unknown> {
  const { points, expire } = row;
  return {
    points: Number(points),
    expire: expire === null || expire === undefined ? null : Number(expire),
  };
}
