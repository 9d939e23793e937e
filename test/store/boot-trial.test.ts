import { afterEach, describe, expect, it } from '@jest/globals';
import { authEntities, authMigrations, TypeOrmRefreshTokenStore } from 'nestjs-refresh-auth';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { judgeClock } from '../../src/typeorm/database-clock.js';
import { boot } from '../harness/boot.js';
import { databaseKinds } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { mariadbPrograms, startPrivateMariadb } from '../harness/private-mariadb.js';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Faults in the tables of a database, with the message that stops the boot. */
const faults: Record<string, { fault: string; statements: string[]; message: RegExp }[]> = {
  SQLite: [
    {
      fault: 'ids that are compared without regard to case',
      statements: [
        'ALTER TABLE refresh_tokens RENAME TO old',
        `CREATE TABLE refresh_tokens (id varchar(64) PRIMARY KEY COLLATE NOCASE, user_id, token_hash, generation integer, created_at,
          rotated_at, expires_at, absolute_expires_at, revoked_at, revoked_reason, ip, user_agent)`,
      ],
      message: /id is compared without regard to case/,
    },
    {
      fault: 'no primary key',
      statements: [
        'ALTER TABLE refresh_tokens RENAME TO old',
        'CREATE TABLE refresh_tokens AS SELECT * FROM old',
      ],
      message: /id must be the primary key/,
    },
  ],
  PostgreSQL: [
    {
      fault: 'user ids that are compared without regard to case',
      statements: [
        `CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
        'ALTER TABLE refresh_tokens ALTER user_id TYPE varchar(255) COLLATE loose',
      ],
      message: /userId is compared without regard to case/,
    },
    {
      fault: 'a column that is too short',
      statements: ['ALTER TABLE refresh_tokens ALTER user_agent TYPE varchar(50)'],
      message: /other than authMigrations makes it \(value too long/,
    },
    {
      fault: 'times that are kept as 32-bit numbers',
      statements: ['ALTER TABLE refresh_tokens ALTER created_at TYPE integer'],
      message: /other than authMigrations makes it \(.*out of range/,
    },
    {
      fault: 'no primary key',
      statements: ['ALTER TABLE refresh_tokens DROP CONSTRAINT "%PK%"'],
      message: /id must be the primary key/,
    },
  ],
  MariaDB: [
    {
      fault: 'user ids that are compared as the database does',
      statements: [
        'ALTER TABLE refresh_tokens MODIFY user_id varchar(255) COLLATE utf8mb4_general_ci NOT NULL',
      ],
      message: /userId is compared without regard to case/,
    },
    {
      fault: 'a column that is too short',
      statements: ['ALTER TABLE refresh_tokens MODIFY user_agent varchar(50)'],
      message: /other than authMigrations makes it \(Data too long/,
    },
    {
      fault: 'times that are kept as 32-bit numbers',
      statements: ['ALTER TABLE refresh_tokens MODIFY created_at integer NOT NULL'],
      message: /other than authMigrations makes it \(Out of range/,
    },
    {
      fault: 'no primary key',
      statements: ['ALTER TABLE refresh_tokens DROP PRIMARY KEY'],
      message: /id must be the primary key/,
    },
  ],
};

describe.each(databaseKinds)('the boot on $name', (kind) => {
  async function migrated() {
    const database = await kind.create();
    cleanUps.push(() => database.drop());
    const options = {
      ...dataSourceOptions(database.url),
      entities: authEntities,
      migrations: authMigrations,
    } as DataSourceOptions;
    const dataSource = await new DataSource(options).initialize();
    cleanUps.push(() => dataSource.destroy());
    await dataSource.runMigrations();
    return { options, dataSource };
  }

  it.each(faults[kind.name]!)('is refused with a sentence for $fault', async (given) => {
    const { options, dataSource } = await migrated();
    const primaryKey = await primaryKeyOf(dataSource);
    for (const statement of given.statements) {
      await dataSource.query(statement.replace('%PK%', primaryKey));
    }
    await expect(boot(options)).rejects.toThrow(given.message);
  });

  it('leaves no session behind', async () => {
    const { options, dataSource } = await migrated();
    await boot(options, { limits: { store: 'database' } });
    expect(await dataSource.query('SELECT * FROM refresh_tokens')).toEqual([]);
    // What is left is the module's own, not the trial's: when it was last sure of the time.
    const rows: { key: string }[] = await dataSource.query('SELECT * FROM auth_rate_limits');
    expect(rows.filter(({ key }) => key !== 'auth_time')).toEqual([]);
  });

  it.each(['memory', 'database'] as const)(
    'is refused with a sentence if the table of counts and devices is missing and limits are in %s',
    async (store) => {
      const { options, dataSource } = await migrated();
      await dataSource.query('DROP TABLE auth_rate_limits');
      await expect(boot(options, { limits: { store } })).rejects.toThrow(
        /the table auth_rate_limits is missing/,
      );
    },
  );
});

async function primaryKeyOf(dataSource: DataSource): Promise<string> {
  if (dataSource.options.type !== 'postgres') return '';
  const [found] = await dataSource.query<{ name: string }[]>(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = 'refresh_tokens'::regclass AND contype = 'p'`,
  );
  return found!.name;
}

const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');

/** Like pg before 8.21, which doesn't report whether a transaction is open. */
class EarlierClient extends pg.Client {}
Object.defineProperty(EarlierClient.prototype, 'getTransactionStatus', { value: undefined });

const drivers = servers.flatMap((kind) => [
  { name: kind.name, kind, extra: {} },
  ...(kind.name === 'PostgreSQL'
    ? [{ name: 'PostgreSQL by an earlier pg', kind, extra: { Client: EarlierClient } }]
    : []),
]);

describeOnEach(drivers)('a pooled connection of $name', ({ kind, extra }) => {
  it.each([
    ['a transaction open', `INSERT INTO auth_rate_limits VALUES ('leaked', 1, 1)`],
    ['a transaction open that failed', 'SELECT nonsense'],
    ['a transaction open that did nothing', 'SELECT 1'],
  ])('that somebody left with %s loses none of the module’s writes', async (_what, statement) => {
    const database = await kind.create();
    cleanUps.push(() => database.drop());
    const options = { ...dataSourceOptions(database.url), extra } as DataSourceOptions;
    const dataSource = await new DataSource(options).initialize();
    cleanUps.push(() => dataSource.destroy());
    await dataSource.runMigrations();
    const leak = dataSource.createQueryRunner();
    await leak.query('BEGIN');
    await leak.query(statement).catch(() => {});
    await leak.release();

    const store = new TypeOrmRefreshTokenStore(dataSource);
    const session = {
      id: 'a',
      userId: 'ada',
      tokenHash: 'hash',
      generation: 0,
      createdAt: 1,
      rotatedAt: 1,
      expiresAt: 2,
      absoluteExpiresAt: 2,
      revokedAt: null,
      revokedReason: null,
      ip: null,
      userAgent: null,
    };
    await store.insert(session);
    expect(await store.find('a')).toEqual(session);

    const elsewhere = await new DataSource(options).initialize();
    cleanUps.push(() => elsewhere.destroy());
    expect(await new TypeOrmRefreshTokenStore(elsewhere).find('a')).toEqual(session);
    expect(await elsewhere.query('SELECT * FROM auth_rate_limits')).toEqual([]);
  });
});

describeOnEach(servers.filter(({ name }) => name === 'MariaDB'))('$name', (kind) => {
  it('with autocommit switched off is refused with a sentence', async () => {
    const database = await kind.create();
    cleanUps.push(() => database.drop());
    const options = dataSourceOptions(database.url);
    const dataSource = await new DataSource(options).initialize();
    cleanUps.push(() => dataSource.destroy());
    await dataSource.runMigrations();
    await expect(
      boot(options, {}, async (started) => {
        const { pool } = started.driver as unknown as { pool: Pool };
        pool.on('connection', (connection) => connection.query('SET autocommit = 0'));
        await started.query('SET autocommit = 0');
      }),
    ).rejects.toThrow(/autocommit switched off/);
  });
});

interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string): void }) => void): void;
}

const mariadb = mariadbPrograms();

(mariadb ? describe : describe.skip)('MariaDB in a time zone with summer time', () => {
  it('has the right time in the hour that occurs twice', async () => {
    const server = await startPrivateMariadb(mariadb!, { TZ: 'Europe/Berlin' });
    cleanUps.push(() => server.dispose());
    const dataSource = await new DataSource({
      ...dataSourceOptions(server.url),
      extra: { connectionLimit: 1 },
    } as DataSourceOptions).initialize();
    cleanUps.push(() => dataSource.destroy());
    const warned: string[] = [];
    const logger = { warn: (sentence: string) => warned.push(sentence) } as never;
    for (const hour of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) {
      const now = Date.parse(hour);
      await dataSource.query(`SET timestamp = ${now / 1000}`);
      const [{ local }] = await dataSource.query(`SELECT CAST(NOW() AS CHAR) AS local`);
      expect(local).toBe('2026-10-25 02:30:00');
      await judgeClock(dataSource, () => now, logger);
    }
    expect(warned).toEqual([]);
  });
});
