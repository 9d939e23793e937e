import type {
  FactoryProvider,
  InjectionToken,
  OptionalFactoryDependency,
  Provider,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { CheckedOptions } from './checked-options.js';
import { auditLog } from './events/audit-log.js';
import { AUTH_EVENT_LISTENER } from './events/auth-events.js';
import { LIMITER_FACTORY, memoryLimiter } from './limits/limiters.js';
import { AUTH_SETTINGS, type AuthSettings } from './options/auth-settings.js';
import { PASSWORD_HASHERS } from './passwords/password-hasher.js';
import { BREACH_CHECK } from './passwords/password-policy.js';
import { CLOCK, systemClock } from './runtime/clock.js';
import { RANDOM_SOURCE, systemRandom } from './runtime/random-source.js';
import { REFRESH_TOKEN_STORE } from './sessions/refresh-token-store.js';
import { databaseLimiter } from './typeorm/database-limiter.js';
import { isUsableDataSource, requiredDataSource } from './typeorm/required-data-source.js';
import { TypeOrmRefreshTokenStore } from './typeorm/typeorm-refresh-token.store.js';
import { USER_DIRECTORY } from './users/user-directory.js';

/** What came through the checks; what was given is not read by anything else. */
export const CHECKED_OPTIONS = Symbol('nestjs-refresh-auth checked options');

const NOTHING_TO_KEEP_SESSIONS_IN =
  'there is no TypeORM DataSource to keep sessions in: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or pass a store.';

const NOTHING_TO_COUNT_IN =
  'limits.store "database" counts by a TypeORM DataSource, whatever keeps the sessions, and there is none: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or use "memory".';

/**
 * What the module uses of the outside, each under its token: the option, or else our own. `extraProviders` and
 * `overrideProvider` replace any of them. None fails before it is used, so that a replaced one needs nothing.
 */
export function portProviders(dataSource: OptionalFactoryDependency): Provider[] {
  const option = <K extends keyof CheckedOptions>(
    token: symbol,
    name: K,
    otherwise: () => unknown = () => undefined,
  ) =>
    provide(token, [CHECKED_OPTIONS], (options: CheckedOptions) =>
      withoutHooks(options[name] ?? otherwise()),
    );
  return [
    option(USER_DIRECTORY, 'users'),
    option(CLOCK, 'clock', () => systemClock),
    option(RANDOM_SOURCE, 'random', () => systemRandom),
    option(AUTH_EVENT_LISTENER, 'events', () => auditLog()),
    option(PASSWORD_HASHERS, 'passwordHashers', () => []),
    option(BREACH_CHECK, 'isBreached', () => null),
    provide(
      LIMITER_FACTORY,
      [AUTH_SETTINGS, dataSource],
      ({ limits }: AuthSettings, source?: DataSource) =>
        limits?.store === 'database'
          ? databaseLimiter(requiredDataSource(source, NOTHING_TO_COUNT_IN))
          : memoryLimiter,
    ),
    // Null where it is not what keeps the sessions.
    provide(
      TypeOrmRefreshTokenStore,
      [CHECKED_OPTIONS, dataSource],
      ({ store }: CheckedOptions, source?: DataSource) =>
        store === undefined && isUsableDataSource(source)
          ? new TypeOrmRefreshTokenStore(source)
          : null,
    ),
    provide(
      REFRESH_TOKEN_STORE,
      [CHECKED_OPTIONS, TypeOrmRefreshTokenStore, dataSource],
      (
        { store }: CheckedOptions,
        typeOrm: TypeOrmRefreshTokenStore | null,
        source?: DataSource,
      ) => {
        const kept = store ?? typeOrm;
        if (kept === null) requiredDataSource(source, NOTHING_TO_KEEP_SESSIONS_IN);
        return withoutHooks(kept);
      },
    ),
  ];
}

export function provide<T>(
  token: InjectionToken<T>,
  inject: FactoryProvider['inject'],
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the tokens stand for
  useFactory: (...given: any[]) => T | null,
): FactoryProvider<T | null> {
  return { provide: token, inject: inject ?? [], useFactory };
}

/** Nest calls the first of a provider's factory's result, as of a promise's, and the others in the app's life. */
const READ_BY_NEST: readonly PropertyKey[] = [
  'then',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];

/**
 * Nest calls the hooks of every provider. What the app brought may be a provider of the app's too, whose hooks would run
 * twice: so they are hidden here, and run where the app provides it. A proxy that has a method for every name would pass
 * for a promise, and the boot would wait for it without end.
 */
function withoutHooks<T>(given: T): T {
  if (typeof given !== 'object' || given === null) return given;
  if (READ_BY_NEST.every((name) => Reflect.get(given, name) === undefined)) return given;
  const hidden = (hiddenOf.get(given) as T | undefined) ?? hidingHooks(given);
  hiddenOf.set(given, hidden as object);
  return hidden;
}

/** One for each, so that two modules which are given the same see that it is. */
const hiddenOf = new WeakMap<object, object>();

function hidingHooks<T extends object>(given: T): T {
  return new Proxy(given, {
    get(target, name) {
      if (READ_BY_NEST.includes(name)) return undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
