import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { authEntities, authMigrations, authTables, RefreshToken } from 'nestjs-refresh-auth';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { boot } from '../harness/boot.js';
import { databaseKinds, type TestDatabase } from '../harness/databases.js';

/** As in many a tutorial. */
const TUTORIAL = `CREATE TABLE refresh_tokens (id varchar(36) PRIMARY KEY, user_id varchar(36) NOT NULL,
  token varchar(255) NOT NULL, expires_at bigint NOT NULL, created_at bigint NOT NULL)`;

/** The statements that `migration:generate` would put into a migration. */
const drift = async (dataSource: DataSource) =>
  (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

describe.each(databaseKinds)('on $name', (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await kind.create();
  });
  afterEach(() => database.drop());

  const options = (more: object) =>
    ({
      ...dataSourceOptions(database.url),
      entities: authEntities,
      migrations: authMigrations,
      ...more,
    }) as DataSourceOptions;

  async function on<T>(more: object, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
    const dataSource = await new DataSource(options(more)).initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  }

  it.each<[string, object, string, string]>([
    ['a prefix', { prefix: 'auth_' }, 'auth_refresh_tokens', 'auth_rate_limits'],
    ['names', { sessions: 'logins', rateLimits: 'failures' }, 'logins', 'failures'],
    ['a prefix and a name', { prefix: 'a_', sessions: 'logins' }, 'logins', 'a_rate_limits'],
  ])('the tables have %s, in entities, migrations and statements', async (_, names, ...tables) => {
    const { entities, migrations } = authTables(names);
    await on({ entities, migrations }, async (dataSource) => {
      await dataSource.runMigrations();
      expect(await drift(dataSource)).toEqual([]);
      const runner = dataSource.createQueryRunner();
      for (const table of tables) expect(await runner.hasTable(table)).toBe(true);
      expect(await runner.hasTable('refresh_tokens')).toBe(false);
      await runner.release();
      expect(await dataSource.getRepository(RefreshToken).count()).toBe(0);
    });
    await expect(
      boot(options({ entities }), { limits: { store: 'database' } }),
    ).resolves.toBeUndefined();
    await on({ entities: [], migrations }, async (dataSource) => {
      for (let left = migrations.length; left > 0; left -= 1) await dataSource.undoLastMigration();
      const runner = dataSource.createQueryRunner();
      for (const table of tables) expect(await runner.hasTable(table)).toBe(false);
      await runner.release();
    });
  });

  describe('where a table refresh_tokens of somebody else’s is', () => {
    const SENTENCE =
      /there is another table .*refresh_tokens, without token_hash, generation, .*: give this module's tables other names, by authTables\(\{ prefix: 'auth_' \}\)/;

    beforeEach(() => on({}, (dataSource) => dataSource.query(TUTORIAL)));

    it('the migrations leave it alone, and say what to do', async () => {
      await on({}, async (dataSource) => {
        await expect(dataSource.runMigrations()).rejects.toThrow(SENTENCE);
        await expect(dataSource.query('SELECT token FROM refresh_tokens')).resolves.toEqual([]);
      });
    });

    it('the boot stops, and says what to do', async () => {
      await expect(boot(options({}))).rejects.toThrow(SENTENCE);
    });

    it.each(['bigint PRIMARY KEY', 'integer PRIMARY KEY'])(
      'the boot says the same where its id is a number: %s',
      async (id) => {
        await on({}, async (dataSource) => {
          await dataSource.query('DROP TABLE refresh_tokens');
          await dataSource.query(TUTORIAL.replace('varchar(36) PRIMARY KEY', id));
        });
        await expect(boot(options({}))).rejects.toThrow(SENTENCE);
      },
    );

    it('other names get on with it', async () => {
      const { entities, migrations } = authTables({ prefix: 'auth_' });
      await on({ entities, migrations }, (dataSource) => dataSource.runMigrations());
      await expect(boot(options({ entities }))).resolves.toBeUndefined();
    });
  });

  it('tables that `synchronize` made are taken over by the migrations', async () => {
    await on({ synchronize: true }, async () => {});
    await on({}, async (dataSource) => {
      expect(await dataSource.runMigrations()).toHaveLength(authMigrations.length);
      expect(await drift(dataSource)).toEqual([]);
    });
    await expect(boot(options({}), { limits: { store: 'database' } })).resolves.toBeUndefined();
  });

  it('`synchronize` alone is enough, but for a server that compares without regard to case', async () => {
    const sentence = await boot(options({ migrations: [], synchronize: true })).then(
      () => 'it booted',
      (error: Error) => error.message,
    );
    expect(sentence).toMatch(
      kind.name === 'MariaDB'
        ? /give the column a binary collation .*, as authMigrations do, also beside `synchronize`/
        : /^it booted$/,
    );
  });

  it('`synchronize` beside the migrations leaves the collation as it is, at every boot', async () => {
    const both = options({ synchronize: true, migrationsRun: true });
    for (const _ of ['first', 'second']) await expect(boot(both)).resolves.toBeUndefined();
  });

  it('an index that is missing is made', async () => {
    await on({}, async (dataSource) => {
      await dataSource.runMigrations();
      const runner = dataSource.createQueryRunner();
      const table = (await runner.getTable('refresh_tokens'))!;
      await runner.dropIndex(table, table.indices[0]!);
      await runner.release();
      expect(await drift(dataSource)).not.toEqual([]);
      await dataSource.query('DELETE FROM migrations');
      await dataSource.runMigrations();
      expect(await drift(dataSource)).toEqual([]);
    });
  });
});
