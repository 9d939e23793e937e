import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  AuthService,
  authEntities,
  authTables,
  type TableNames,
} from 'nestjs-refresh-auth';
import { MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import type { DataSource } from 'typeorm';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';

let names = 0;

/** The tables of an app in memory after a registration. */
async function tablesOf(
  tableNames: TableNames | undefined,
  entities: object = { autoLoadEntities: true },
): Promise<string[]> {
  // A name of its own for each app: Nest collects entities by the name of the DataSource, for the whole process.
  const name = `app-${(names += 1)}`;
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        name,
        type: 'better-sqlite3',
        database: ':memory:',
        synchronize: true,
        toRetry: () => false,
        ...entities,
      }),
      AuthModule.forRoot({
        users: new MemoryUserDirectory(),
        accessToken: { secret: ACCESS_SECRET },
        refreshToken: { secret: REFRESH_SECRET },
        dataSource: name,
        tableNames,
      }),
    ],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, {
    logger: false,
    abortOnError: false,
  });
  try {
    await app.get(AuthService).register({ username: 'ada', password: PASSWORD });
    const dataSource = app.get<DataSource>(getDataSourceToken(name));
    const found: { name: string }[] = await dataSource.query(
      `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`,
    );
    return found.map((table) => table.name);
  } finally {
    await app.close();
  }
}

describe('the tables of an app have', () => {
  it.each<[string, TableNames | undefined, object | undefined, string[]]>([
    ['their own names', undefined, undefined, ['auth_rate_limits', 'refresh_tokens']],
    [
      'other names, with autoLoadEntities',
      { prefix: 'login_' },
      undefined,
      ['login_rate_limits', 'login_refresh_tokens'],
    ],
    [
      'other names by the list of entities alone',
      undefined,
      { entities: authTables({ sessions: 'logins' }).entities },
      ['auth_rate_limits', 'logins'],
    ],
    [
      'other names by both',
      { sessions: 'logins' },
      { entities: authTables({ sessions: 'logins' }).entities },
      ['auth_rate_limits', 'logins'],
    ],
  ])('%s', async (_what, tableNames, entities, tables) => {
    expect(await tablesOf(tableNames, entities)).toEqual(tables);
  });
});

describe('the boot stops where', () => {
  it.each<[string, TableNames | undefined, object]>([
    ['the option and the list differ', { prefix: 'login_' }, { entities: authEntities }],
    [
      'the list has other names than the option',
      { prefix: 'login_' },
      { entities: authTables({ prefix: 'auth_' }).entities },
    ],
    [
      'the list has both, because of autoLoadEntities',
      undefined,
      { entities: authTables({ prefix: 'auth_' }).entities, autoLoadEntities: true },
    ],
  ])('%s', async (_what, tableNames, entities) => {
    await expect(tablesOf(tableNames, entities)).rejects.toThrow(
      /the DataSource has a table of this module as .*, and by tableNames it is .*: pass AuthModule the tableNames/,
    );
  });

  it.each([
    [{ prefix: 'a-b' }, /tableNames\.prefix must be 1 to 40 letters, digits and underscores/],
    [{ prefix: '' }, /tableNames\.prefix must be/],
    [{ sessions: 7 }, /tableNames\.sessions must be the name of a table, not/],
    [{ session: 'x' }, /tableNames\.session is not an option/],
    ['auth_', /tableNames must be \{ prefix, sessions, rateLimits \}/],
  ])('the names are %p', async (given, sentence) => {
    await expect(tablesOf(given as TableNames)).rejects.toThrow(sentence);
  });
});
