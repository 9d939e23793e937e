import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';

/** An empty database for one test, dropped afterwards. */
export interface TestDatabase {
  /** The URL, in the form of the reference app's DATABASE_URL. */
  url: string;
  drop(): Promise<void>;
}

export interface DatabaseKind {
  name: 'SQLite' | 'PostgreSQL' | 'MariaDB';
  create(): Promise<TestDatabase>;
}

const { TEST_POSTGRES_URL, TEST_MYSQL_URL } = process.env;

const sqlite: DatabaseKind = {
  name: 'SQLite',
  async create() {
    const folder = mkdtempSync(join(tmpdir(), 'nestjs-refresh-auth-'));
    return {
      url: `sqlite:${join(folder, 'test.sqlite')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

const postgres = (server: string): DatabaseKind => ({
  name: 'PostgreSQL',
  async create() {
    const name = freshName();
    await onPostgres(server, `CREATE DATABASE ${name}`);
    return {
      url: withDatabase(server, name),
      drop: () => onPostgres(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    };
  },
});

const mariadb = (server: string): DatabaseKind => ({
  name: 'MariaDB',
  async create() {
    const name = freshName();
    await onMysql(server, `CREATE DATABASE ${name}`);
    const isMariaDb = /mariadb/i.test(await onMysql(server, 'SELECT VERSION() AS response'));
    const url = withDatabase(server, name);
    return {
      url: isMariaDb ? url.replace(/^mysql:/, 'mariadb:') : url,
      drop: async () => void (await onMysql(server, `DROP DATABASE IF EXISTS ${name}`)),
    };
  },
});

/** Every database on which this machine can run the tests; SQLite always. */
export const databaseKinds: DatabaseKind[] = [
  sqlite,
  ...(TEST_POSTGRES_URL ? [postgres(TEST_POSTGRES_URL)] : []),
  ...(TEST_MYSQL_URL ? [mariadb(TEST_MYSQL_URL)] : []),
];

export const sqliteKind = sqlite;

function freshName(): string {
  return `test_${randomBytes(8).toString('hex')}`;
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onPostgres(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Returns the column `answer` of the first row, if there is one. */
async function onMysql(server: string, statement: string): Promise<string> {
  const connection = await createConnection({ uri: server, connectTimeout: 120_000 });
  const [rows] = await connection.query(statement);
  await connection.end();
  return Array.isArray(rows)
    ? String((rows[0] as { response?: unknown } | undefined)?.response)
    : '';
}
