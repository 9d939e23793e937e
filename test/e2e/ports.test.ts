import { Module, type INestApplication, type Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  AUTH_EVENT_LISTENER,
  AuthModule,
  AuthService,
  BREACH_CHECK,
  CLOCK,
  LIMITER_FACTORY,
  PASSWORD_HASHERS,
  RANDOM_SOURCE,
  REFRESH_TOKEN_STORE,
  TypeOrmRefreshTokenStore,
  USER_DIRECTORY,
  type AuthModuleExtras,
  type AuthModuleOptions,
} from 'nestjs-refresh-auth';
import {
  FakeClock,
  MemoryRefreshTokenStore,
  MemoryUserDirectory,
} from '../../src/testing/index.js';
import { memoryLimiter } from '../../src/limits/limiters.js';
import { systemRandom } from '../../src/runtime/random-source.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';

const ada = { username: 'ada', password: PASSWORD };

/** A port's token, something to put under it, and whether that was used. */
const ports: [string, symbol, () => { value: unknown; isUsed: () => boolean }][] = [
  ['user directory', USER_DIRECTORY, () => spied(new MemoryUserDirectory(), 'findByLogin')],
  ['store', REFRESH_TOKEN_STORE, () => spied(new MemoryRefreshTokenStore(), 'insert')],
  ['clock', CLOCK, () => spied(new FakeClock(), 'now')],
  ['random source', RANDOM_SOURCE, () => spied({ bytes: systemRandom.bytes }, 'bytes')],
  ['event listener', AUTH_EVENT_LISTENER, () => called(() => {})],
  ['limiters', LIMITER_FACTORY, () => called(memoryLimiter)],
  ['breach check', BREACH_CHECK, () => called(async () => false)],
  [
    'password hashers',
    PASSWORD_HASHERS,
    () => {
      const hasher = { recognizes: () => false, verify: async () => false };
      const { isUsed } = spied(hasher, 'recognizes');
      return { value: [hasher], isUsed };
    },
  ],
];

function spied<T extends object>(value: T, method: keyof T & string) {
  const spy = jest.spyOn(value as Record<string, () => unknown>, method);
  return { value, isUsed: () => spy.mock.calls.length > 0 };
}

function called(work: (...given: never[]) => unknown) {
  const spy = jest.fn(work);
  return { value: spy, isUsed: () => spy.mock.calls.length > 0 };
}

const running: INestApplication[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

interface Given {
  extras?: AuthModuleExtras;
  options?: Partial<AuthModuleOptions>;
  overridden?: [symbol | typeof TypeOrmRefreshTokenStore, unknown][];
}

async function boot({ extras, options, overridden = [] }: Given) {
  const auth = AuthModule.forRoot({
    users: new MemoryUserDirectory(),
    store: new MemoryRefreshTokenStore(),
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    registration: true,
    ...options,
    ...extras,
  });
  @Module({ imports: [auth] })
  class AppModule {}
  let builder = Test.createTestingModule({ imports: [AppModule] });
  for (const [token, value] of overridden)
    builder = builder.overrideProvider(token).useValue(value);
  const app = (await builder.compile()).createNestApplication({ logger: false });
  running.push(app);
  await app.init();
  return app.get(AuthService);
}

async function life(auth: AuthService) {
  await auth.register(ada);
  const { refreshToken } = await auth.login(ada);
  await auth.refresh(refreshToken!.token);
}

describe.each(ports)('the %s', (_name, token, replacement) => {
  it('is replaced by overrideProvider', async () => {
    const { value, isUsed } = replacement();
    await life(await boot({ overridden: [[token, value]] }));
    expect(isUsed()).toBe(true);
  });

  it('is replaced by extraProviders', async () => {
    const { value, isUsed } = replacement();
    const extraProviders: Provider[] = [{ provide: token, useValue: value }];
    await life(await boot({ extras: { extraProviders } }));
    expect(isUsed()).toBe(true);
  });

  it('stops the boot where it is replaced by something else', async () => {
    await expect(boot({ overridden: [[token, { some: 'thing' }]] })).rejects.toThrow(
      /^nestjs-refresh-auth: (users|store|clock|random|events|limiter|isBreached|passwordHashers) (has no|must be)/,
    );
  });
});

it('overrideProvider(TypeOrmRefreshTokenStore) reaches the module, also without a DataSource', async () => {
  const { value, isUsed } = spied(new MemoryRefreshTokenStore(), 'insert');
  const options = { store: undefined } as unknown as Partial<AuthModuleOptions>;
  await expect(boot({ options })).rejects.toThrow(/store|DataSource/);
  const extras = { extraProviders: [] };
  const { store: _store, ...rest } = { store: null, extras };
  await life(await bootWithoutStore([[TypeOrmRefreshTokenStore, value]], rest));
  expect(isUsed()).toBe(true);
});

async function bootWithoutStore(overridden: Given['overridden'], { extras }: Given) {
  const auth = AuthModule.forRoot({
    users: new MemoryUserDirectory(),
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    registration: true,
    ...extras,
  });
  let builder = Test.createTestingModule({ imports: [auth] });
  for (const [token, value] of overridden!)
    builder = builder.overrideProvider(token).useValue(value);
  const app = (await builder.compile()).createNestApplication({ logger: false });
  running.push(app);
  await app.init();
  return app.get(AuthService);
}

it('users may be missing from the options where extraProviders has the directory', async () => {
  const { value, isUsed } = spied(new MemoryUserDirectory(), 'findByLogin');
  const auth = AuthModule.forRoot({
    store: new MemoryRefreshTokenStore(),
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    registration: true,
    extraProviders: [{ provide: USER_DIRECTORY, useValue: value }],
  });
  const module = await Test.createTestingModule({ imports: [auth] }).compile();
  const app = module.createNestApplication({ logger: false });
  running.push(app);
  await app.init();
  await life(app.get(AuthService));
  expect(isUsed()).toBe(true);
});
