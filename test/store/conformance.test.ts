import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { TypeOrmRefreshTokenStore } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, refreshTokenStoreConformance } from 'nestjs-refresh-auth/testing';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { databaseKinds, type TestDatabase } from '../harness/databases.js';

describe.each(databaseKinds)('the TypeORM store on $name', (kind) => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await kind.create();
    dataSource = await new DataSource(dataSourceOptions(database.url)).initialize();
    await dataSource.runMigrations();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const cases = refreshTokenStoreConformance(() => new TypeOrmRefreshTokenStore(dataSource), {
    timeLimitMs: 280_000,
  });
  it.each(cases)('$name', ({ run }) => run());
});

describe('the in-memory store for tests', () => {
  const store = new MemoryRefreshTokenStore();
  it.each(refreshTokenStoreConformance(() => store))('$name', ({ run }) => run());
});
