import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { authEntities, authMigrations, TypeOrmRefreshTokenStore } from 'nestjs-refresh-auth';
import { refreshTokenStoreConformance } from 'nestjs-refresh-auth/testing';
import { DataSource, DefaultNamingStrategy, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { boot } from '../harness/boot.js';
import { databaseKinds, type TestDatabase } from '../harness/databases.js';

/** Renames even columns with an explicit name. */
class Shouting extends DefaultNamingStrategy {
  override columnName(property: string, given: string | undefined, prefixes: string[]): string {
    return `c_${super.columnName(property, given!, prefixes)}`.toUpperCase();
  }
}

/** The statements that `schema:sync` would still run. */
const drift = async (dataSource: DataSource) =>
  (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

describe.each(databaseKinds)('on $name', (kind) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await kind.create();
  });
  afterAll(() => database.drop());

  const options = (more: object) =>
    ({
      ...dataSourceOptions(database.url),
      entities: authEntities,
      migrations: authMigrations,
      ...more,
    }) as DataSourceOptions;

  describe('where a naming strategy renames every column', () => {
    const renaming = { entityPrefix: 'shouting_', namingStrategy: new Shouting() };
    let dataSource: DataSource;

    beforeAll(async () => {
      dataSource = await new DataSource(
        options({ ...renaming, migrationsTableName: 'shouting_migrations' }),
      ).initialize();
      await dataSource.runMigrations();
    });
    afterAll(() => dataSource.destroy());

    it('the migrations create what the entities describe, and the app boots', async () => {
      expect(await drift(dataSource)).toEqual([]);
      await expect(boot(options(renaming))).resolves.toBeUndefined();
    });

    it('counting failures in the database is refused with a sentence', async () => {
      await expect(boot(options(renaming), { limits: { store: 'database' } })).rejects.toThrow(
        /columns of auth_rate_limits under their own names/,
      );
    });

    const cases = refreshTokenStoreConformance(() => new TypeOrmRefreshTokenStore(dataSource), {
      timeLimitMs: 280_000,
    });
    it.each(cases)('$name', ({ run }) => run());
  });

  it('two prefixes can be used in one database', async () => {
    for (const entityPrefix of ['one_', 'two_']) {
      const dataSource = await new DataSource(
        options({ entityPrefix, migrationsTableName: `${entityPrefix}migrations` }),
      ).initialize();
      try {
        await dataSource.runMigrations();
        expect(await drift(dataSource)).toEqual([]);
      } finally {
        await dataSource.destroy();
      }
      await expect(
        boot(options({ entityPrefix }), { limits: { store: 'database' } }),
      ).resolves.toBeUndefined();
    }
  });
});

describe('a database that this module does not support', () => {
  it.each([
    'mssql',
    'oracle',
    'mongodb',
    'spanner',
    'sap',
    'aurora-mysql',
    'aurora-postgres',
    'cockroachdb',
    'expo',
  ])('is refused with a sentence that lists the supported ones: %s', (type) => {
    const dataSource = { options: { type } } as unknown as DataSource;
    expect(() => new TypeOrmRefreshTokenStore(dataSource)).toThrow(
      `sessions can't be kept in a DataSource of type ${type}: use one of better-sqlite3, sqljs, postgres, mysql, mariadb`,
    );
  });
});
