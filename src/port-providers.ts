import type { Provider } from '@nestjs/common';
import type { CheckedOptions } from './checked-options.js';
import {
  APP_DATABASE,
  DATABASE_STORE,
  GIVEN_STORE,
  type AppDatabase,
  type Databases,
} from './databases.js';
import { auditLog } from './events/audit-log.js';
import { AUTH_EVENT_LISTENER } from './events/auth-events.js';
import { LIMITER_FACTORY, memoryLimiter } from './limits/limiters.js';
import { AUTH_SETTINGS, type AuthSettings } from './options/auth-settings.js';
import { PASSWORD_HASHERS } from './passwords/password-hasher.js';
import { BREACH_CHECK } from './passwords/password-policy.js';
import { CLOCK, systemClock } from './runtime/clock.js';
import { RANDOM_SOURCE, systemRandom } from './runtime/random-source.js';
import { REFRESH_TOKEN_STORE, type RefreshTokenStore } from './sessions/refresh-token-store.js';
import { provide } from './provide.js';
import { withoutHooks } from './without-hooks.js';
import { USER_DIRECTORY } from './users/user-directory.js';

/** The token of the options after every check. Nothing else reads what the app passed. */
export const CHECKED_OPTIONS = 'nestjs-refresh-auth:CHECKED_OPTIONS';

/**
 * The ports, each under its token: the option, or else the default. `extraProviders` and `overrideProvider` replace any
 * of them. None throws before its value is missed, so that a replaced one needs no option and no DataSource.
 */
export function portProviders(databases: Databases): Provider[] {
  return [
    option(USER_DIRECTORY, 'users'),
    option(CLOCK, 'clock', () => systemClock),
    option(RANDOM_SOURCE, 'random', () => systemRandom),
    option(AUTH_EVENT_LISTENER, 'events', () => auditLog()),
    option(PASSWORD_HASHERS, 'passwordHashers', () => []),
    option(BREACH_CHECK, 'isBreached', () => null),
    option(GIVEN_STORE, 'store', () => null),
    provide(
      LIMITER_FACTORY,
      [AUTH_SETTINGS, APP_DATABASE],
      ({ limits }: AuthSettings, database?: AppDatabase) =>
        limits?.store === 'database' ? databases.limiter(database) : memoryLimiter,
    ),
    provide(
      REFRESH_TOKEN_STORE,
      [GIVEN_STORE, DATABASE_STORE, APP_DATABASE],
      (
        given: RefreshTokenStore | null,
        stored: RefreshTokenStore | null,
        database?: AppDatabase,
      ) => {
        const kept = given ?? withoutHooks(stored);
        if (kept === null) databases.refuseAsStore(database);
        return kept;
      },
    ),
  ];
}

function option<K extends keyof CheckedOptions>(
  token: string,
  name: K,
  otherwise: () => unknown = () => undefined,
): Provider {
  return provide(token, [CHECKED_OPTIONS], (options: CheckedOptions) =>
    withoutHooks(options[name] ?? otherwise()),
  );
}
