import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { describe, expect, it } from '@jest/globals';
import {
  AuthConfigurationError,
  authEntities,
  authMigrations,
  AuthModule,
  type AuthModuleOptions,
} from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore } from 'nestjs-refresh-auth/testing';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-app.js';

const nobody = { findByLogin: async () => null, findById: async () => null };

const good = (): AuthModuleOptions => ({
  users: nobody,
  accessToken: { secret: ACCESS_SECRET },
  refreshToken: { secret: REFRESH_SECRET },
});

/** A JavaScript app's options: nobody checked their types. */
const untyped = (options: Record<string, unknown>) => options as Partial<AuthModuleOptions>;

@Injectable()
class GoodOptions {
  createAuthOptions = good;
}

const dataSource = (entities: typeof authEntities = authEntities): DynamicModule =>
  TypeOrmModule.forRoot({
    type: 'better-sqlite3',
    database: ':memory:',
    entities,
    migrations: entities.length === 0 ? [] : authMigrations,
    migrationsRun: true,
    retryAttempts: 0,
  } as TypeOrmModuleOptions);

async function boot(imports: () => DynamicModule[]): Promise<void> {
  @Module({ imports: imports() })
  class TestAppModule {}
  const settings = { logger: false, abortOnError: false } as const;
  await (await NestFactory.createApplicationContext(TestAppModule, settings)).close();
}

async function failure(imports: () => DynamicModule[]): Promise<Error> {
  const error = await boot(imports).then(
    () => new Error('It booted.'),
    (reason: unknown) => reason as Error,
  );
  expect(error).toBeInstanceOf(AuthConfigurationError);
  expect(error.message).toMatch(/^nestjs-refresh-auth: /);
  return error;
}

it('good options boot, so that the failures below have the stated cause', async () => {
  await expect(boot(() => [dataSource(), AuthModule.forRoot(good())])).resolves.toBeUndefined();
});

describe('a boot fails with a sentence that says what to change:', () => {
  it.each<[string, Partial<AuthModuleOptions>, RegExp]>([
    ['no users', untyped({ users: undefined }), /users is missing: pass a UserDirectory/],
    ['users that can’t be found', untyped({ users: {} }), /findByLogin\(\) and findById\(\)/],
    ['no access token', untyped({ accessToken: undefined }), /accessToken must be an object/],
    [
      'no secret, as from an environment without it',
      untyped({ accessToken: { secret: undefined } }),
      /accessToken\.secret is missing/,
    ],
    ['an empty secret', { refreshToken: { secret: '' } }, /refreshToken\.secret has 0 bytes/],
    [
      'one secret for both',
      { refreshToken: { secret: ACCESS_SECRET } },
      /accessToken\.secret and refreshToken\.secret must all differ/,
    ],
    ['a short secret', { accessToken: { secret: 's3cr3t' } }, /accessToken\.secret has 6 bytes/],
    ['a weak secret', { accessToken: { secret: 'ab'.repeat(32) } }, /can be guessed/],
    [
      'the secret of Nest’s documentation',
      {
        accessToken: {
          secret:
            'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.',
        },
      },
      /published example that anybody knows/,
    ],
    [
      'Supabase’s secret',
      { refreshToken: { secret: 'super-secret-jwt-token-with-at-least-32-characters-long' } },
      /published example that anybody knows/,
    ],
    [
      'a placeholder',
      { accessToken: { secret: 'your_access_secret' } },
      /published example that anybody knows/,
    ],
    [
      'a duration without a unit',
      { accessToken: { secret: ACCESS_SECRET, expiresIn: '900' } },
      /accessToken\.expiresIn: "900" is not a duration/,
    ],
    [
      'an absolute life below the idle one',
      { refreshToken: { secret: REFRESH_SECRET, expiresIn: '7d', absoluteExpiresIn: '1d' } },
      /absoluteExpiresIn is shorter than/,
    ],
    [
      'SameSite=None without Secure',
      { cookies: { sameSite: 'none', secure: false } },
      /"none" needs cookies\.secure/,
    ],
    [
      'an origin with a path',
      { allowedOrigins: ['https://app.example.com/'] },
      /allowedOrigins has "https:\/\/app\.example\.com\/", which is not an origin/,
    ],
  ])('%s', async (_what, options, sentence) => {
    const all = { ...good(), ...options };
    const sync = await failure(() => [dataSource(), AuthModule.forRoot(all)]);
    expect(sync.message).toMatch(sentence);
    const useFactory = () => all;
    const late = await failure(() => [dataSource(), AuthModule.forRootAsync({ useFactory })]);
    expect(late.message).toMatch(sentence);
  });

  it.each<[string, () => DynamicModule, RegExp]>([
    [
      'forRoot() of nothing',
      () => (AuthModule.forRoot as () => DynamicModule)(),
      /forRoot\(\) needs options: \{ users, accessToken/,
    ],
    [
      'forRootAsync() of nothing',
      () => (AuthModule.forRootAsync as () => DynamicModule)(),
      /exactly one of useFactory, useClass and useExisting/,
    ],
    ['forRootAsync({})', () => AuthModule.forRootAsync({}), /exactly one of useFactory/],
    [
      'forRootAsync() with two ways',
      () => AuthModule.forRootAsync({ useFactory: good, useClass: GoodOptions }),
      /exactly one of useFactory/,
    ],
    [
      'a factory that returns nothing',
      () => AuthModule.forRootAsync({ useFactory: () => undefined as never }),
      /the options must be an object/,
    ],
    [
      'registration without users.create()',
      () => AuthModule.forRoot({ ...good(), registration: true }),
      /registration needs users\.create\(\): write it, or leave registration out/,
    ],
  ])('%s', async (_what, auth, sentence) => {
    const error = await failure(() => [dataSource(), auth()]);
    expect(error.message).toMatch(sentence);
  });

  it('a DataSource without the entity', async () => {
    const error = await failure(() => [dataSource([]), AuthModule.forRoot(good())]);
    expect(error.message).toMatch(/does not know .*: add \.\.\.authEntities/);
  });

  it('no DataSource, unless sessions are stored elsewhere', async () => {
    const error = await failure(() => [AuthModule.forRoot(good())]);
    expect(error.message).toMatch(/no TypeORM DataSource.*import TypeOrmModule\.forRoot/);

    const store = new MemoryRefreshTokenStore();
    await boot(() => [AuthModule.forRoot({ ...good(), store })]);

    const limits = { store: 'database' } as const;
    const counting = await failure(() => [AuthModule.forRoot({ ...good(), store, limits })]);
    expect(counting.message).toMatch(
      /limits\.store "database" .* by a TypeORM DataSource.*"memory"/,
    );
    expect(counting.message).not.toMatch(/pass a store/);
  });

  it('a DataSource with another name', async () => {
    const auth = AuthModule.forRoot({ ...good(), dataSource: 'sessions' });
    const error = await failure(() => [dataSource(), auth]);
    expect(error.message).toMatch(/name yours with \{ dataSource \}/);
  });
});
