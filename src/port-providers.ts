import type { Provider } from '@nestjs/common';
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
import { provide } from './provide.js';
import { withoutHooks } from './without-hooks.js';
import { databaseLimiter } from './typeorm/database-limiter.js';
import {
  AUTH_DATA_SOURCE,
  isUsableDataSource,
  requiredDataSource,
} from './typeorm/required-data-source.js';
import { TypeOrmRefreshTokenStore } from './typeorm/typeorm-refresh-token.store.js';
import { USER_DIRECTORY } from './users/user-directory.js';

/** The token of the options after every check. Nothing else reads what the app passed. */
export const CHECKED_OPTIONS = 'nestjs-refresh-auth:CHECKED_OPTIONS';

const NOTHING_TO_KEEP_SESSIONS_IN =
  'there is no TypeORM DataSource to keep sessions in: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or pass a store.';

const NOTHING_TO_COUNT_IN =
  'limits.store "database" counts by a TypeORM DataSource, whatever keeps the sessions, and there is none: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or use "memory".';

/**
 * The ports, each under its token: the option, or else the default. `extraProviders` and `overrideProvider` replace any
 * of them. None throws before its value is missed, so that a replaced one needs no option and no DataSource.
 */
export const portProviders: Provider[] = [
  option(USER_DIRECTORY, 'users'),
  option(CLOCK, 'clock', () => systemClock),
  option(RANDOM_SOURCE, 'random', () => systemRandom),
  option(AUTH_EVENT_LISTENER, 'events', () => auditLog()),
  option(PASSWORD_HASHERS, 'passwordHashers', () => []),
  option(BREACH_CHECK, 'isBreached', () => null),
  provide(
    LIMITER_FACTORY,
    [AUTH_SETTINGS, AUTH_DATA_SOURCE],
    ({ limits }: AuthSettings, source?: DataSource) =>
      limits?.store === 'database'
        ? databaseLimiter(requiredDataSource(source, NOTHING_TO_COUNT_IN))
        : memoryLimiter,
  ),
  // Null where it is not what keeps the sessions.
  provide(
    TypeOrmRefreshTokenStore,
    [CHECKED_OPTIONS, AUTH_DATA_SOURCE],
    ({ store }: CheckedOptions, source?: DataSource) =>
      store === undefined && isUsableDataSource(source)
        ? new TypeOrmRefreshTokenStore(source)
        : null,
  ),
  provide(
    REFRESH_TOKEN_STORE,
    [CHECKED_OPTIONS, TypeOrmRefreshTokenStore, AUTH_DATA_SOURCE],
    ({ store }: CheckedOptions, typeOrm: TypeOrmRefreshTokenStore | null, source?: DataSource) => {
      const kept = store ?? typeOrm;
      if (kept === null) requiredDataSource(source, NOTHING_TO_KEEP_SESSIONS_IN);
      return withoutHooks(kept);
    },
  ),
];

function option<K extends keyof CheckedOptions>(
  token: string,
  name: K,
  otherwise: () => unknown = () => undefined,
): Provider {
  return provide(token, [CHECKED_OPTIONS], (options: CheckedOptions) =>
    withoutHooks(options[name] ?? otherwise()),
  );
}
