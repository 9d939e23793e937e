import type { INestApplication } from '@nestjs/common';
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

/** Something to put under a port's token, and whether it was used. */
interface Replacement {
  value: unknown;
  isUsed(): boolean;
  /** Forgets the calls that the boot made to try it out. Left out where nothing but the boot calls it. */
  forgetBoot?(): void;
}

const ports: [name: string, token: string, () => Replacement][] = [
  ['user directory', USER_DIRECTORY, () => withSpy(new MemoryUserDirectory(), 'findByLogin')],
  ['store', REFRESH_TOKEN_STORE, () => withSpy(new MemoryRefreshTokenStore(), 'insert')],
  ['clock', CLOCK, () => withSpy(new FakeClock(), 'now')],
  ['random source', RANDOM_SOURCE, () => withSpy({ bytes: systemRandom.bytes }, 'bytes')],
  ['event listener', AUTH_EVENT_LISTENER, () => asSpy(() => {})],
  ['limiters', LIMITER_FACTORY, () => asSpy(memoryLimiter)],
  ['breach check', BREACH_CHECK, () => asSpy(async () => false)],
  ['password hashers', PASSWORD_HASHERS, hashersWithSpy],
];

function withSpy<T extends object>(value: T, method: keyof T & string): Replacement {
  const spy = jest.spyOn(value as Record<string, () => unknown>, method);
  return { value, isUsed: () => spy.mock.calls.length > 0, forgetBoot: () => spy.mockClear() };
}

function asSpy(work: (...args: never[]) => unknown): Replacement {
  const spy = jest.fn(work);
  return { value: spy, isUsed: () => spy.mock.calls.length > 0 };
}

function hashersWithSpy(): Replacement {
  const hasher = { recognizes: () => false, verify: async () => false };
  return { ...withSpy(hasher, 'recognizes'), value: [hasher] };
}

let app: INestApplication | undefined;
afterEach(() => app?.close());

type Options = AuthModuleOptions & AuthModuleExtras;

const required: Options = {
  accessToken: { secret: ACCESS_SECRET },
  refreshToken: { secret: REFRESH_SECRET },
  registration: true,
};
const inMemory = (): Options => ({
  ...required,
  users: new MemoryUserDirectory(),
  store: new MemoryRefreshTokenStore(),
});

/** Boots the module with some providers overridden. */
async function boot(
  options: Options,
  overridden: [string | typeof TypeOrmRefreshTokenStore, unknown][] = [],
): Promise<AuthService> {
  const builder = Test.createTestingModule({ imports: [AuthModule.forRoot(options)] });
  for (const [token, value] of overridden) builder.overrideProvider(token).useValue(value);
  app = (await builder.compile()).createNestApplication({ logger: false });
  await app.init();
  return app.get(AuthService);
}

/** Registers, logs in and refreshes, which uses every port. */
async function useEveryPort(auth: AuthService): Promise<void> {
  const ada = { username: 'ada', password: PASSWORD };
  await auth.register(ada);
  const { refreshToken } = await auth.login(ada);
  await auth.refresh(refreshToken!.token);
}

describe.each(ports)('the %s', (_name, token, replacement) => {
  it('is replaced by overrideProvider', async () => {
    const { value, isUsed, forgetBoot } = replacement();
    const auth = await boot(inMemory(), [[token, value]]);
    forgetBoot?.();
    await useEveryPort(auth);
    expect(isUsed()).toBe(true);
  });

  it('is replaced by extraProviders', async () => {
    const { value, isUsed, forgetBoot } = replacement();
    const extraProviders = [{ provide: token, useValue: value }];
    const auth = await boot({ ...inMemory(), extraProviders });
    forgetBoot?.();
    await useEveryPort(auth);
    expect(isUsed()).toBe(true);
  });

  it('stops the boot where something else takes its place', async () => {
    await expect(boot(inMemory(), [[token, { some: 'thing' }]])).rejects.toThrow(
      /^nestjs-refresh-auth: (users|store|clock|random|events|limiter|isBreached|passwordHashers) (has no|must be)/,
    );
  });
});

describe('without a DataSource', () => {
  const { store: _store, ...withoutStore } = inMemory();

  it('and without a store the boot stops, and says what to do', async () => {
    await expect(boot(withoutStore)).rejects.toThrow(
      /there is no TypeORM DataSource to keep sessions in: import .*, or pass a store\.$/,
    );
  });

  it('overrideProvider(TypeOrmRefreshTokenStore) gives the module its store', async () => {
    const { value, isUsed } = withSpy(new MemoryRefreshTokenStore(), 'insert');
    await useEveryPort(await boot(withoutStore, [[TypeOrmRefreshTokenStore, value]]));
    expect(isUsed()).toBe(true);
  });
});

describe('without the option users', () => {
  const { users: _users, ...withoutUsers } = inMemory();

  it('the boot stops', async () => {
    await expect(boot(withoutUsers)).rejects.toThrow(/^nestjs-refresh-auth: users is missing/);
  });

  it('extraProviders gives the module its users', async () => {
    const { value, isUsed } = withSpy(new MemoryUserDirectory(), 'findByLogin');
    const extraProviders = [{ provide: USER_DIRECTORY, useValue: value }];
    await useEveryPort(await boot({ ...withoutUsers, extraProviders }));
    expect(isUsed()).toBe(true);
  });
});
