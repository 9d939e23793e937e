import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { waitUntil } from './wait-until.js';

/** A second connection to the app's database, which holds locks, waits and commits. */
export interface SecondConnection {
  query(statement: string): Promise<unknown>;
  /** Resolves once a statement of another connection waits for a lock in this database. */
  whenAnotherWaits(): Promise<void>;
  close(): Promise<void>;
}

const WAITING = {
  postgres: `SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  mysql: `SELECT count(*) AS waiting FROM information_schema.innodb_trx
    JOIN information_schema.processlist ON id = trx_mysql_thread_id
    WHERE trx_state = 'LOCK WAIT' AND db = DATABASE()`,
};

export async function openSecondConnection(databaseUrl: string): Promise<SecondConnection> {
  return databaseUrl.startsWith('postgres') ? onPostgres(databaseUrl) : onMysql(databaseUrl);
}

async function onPostgres(databaseUrl: string): Promise<SecondConnection> {
  const [client, watcher] = [0, 1].map(() => new pg.Client({ connectionString: databaseUrl }));
  await client!.connect();
  await watcher!.connect();
  return {
    query: (statement) => client!.query(statement),
    whenAnotherWaits: () =>
      waitUntil(async () => Number((await watcher!.query(WAITING.postgres)).rows[0].waiting) > 0),
    async close() {
      await client!.end();
      await watcher!.end();
    },
  };
}

async function onMysql(databaseUrl: string): Promise<SecondConnection> {
  const options = { uri: databaseUrl, connectTimeout: 120_000 };
  const [connection, watcher] = [await createConnection(options), await createConnection(options)];
  return {
    query: (statement) => connection.query(statement),
    whenAnotherWaits: () =>
      waitUntil(async () => {
        const [rows] = await watcher.query(WAITING.mysql);
        return Number((rows as { waiting: number }[])[0]!.waiting) > 0;
      }),
    async close() {
      await connection.end();
      await watcher.end();
    },
  };
}
