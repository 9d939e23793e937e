import type { OnApplicationBootstrap, Provider } from '@nestjs/common';
import { furtherFields } from './accounts/further-fields.js';
import { AccessTokenStrategy } from './access/access-token.strategy.js';
import { DecoratorChecks } from './access/decorator-checks.js';
import { JwtAuthGuard } from './access/jwt-auth.guard.js';
import { JwtRefreshGuard } from './access/jwt-refresh.guard.js';
import { PassportName } from './access/passport-name.js';
import { RefreshTokenStrategy } from './access/refresh-token.strategy.js';
import { RolesGuard } from './access/roles.guard.js';
import { SessionCookies } from './access/session-cookies.js';
import { AuthService } from './auth.service.js';
import { BootChecks } from './boot-checks.js';
import type { CheckedExtras, CheckedOptions } from './checked-options.js';
import { checkedPorts, CHECKED_PORTS, PORTS, type CheckedPorts } from './checked-ports.js';
import { APP_DATABASE, type AppDatabase, type Databases, type InDatabase } from './databases.js';
import { Refusals } from './events/refusals.js';
import { AuthRequests } from './http/auth-requests.js';
import { AuthResponses } from './http/auth-responses.js';
import { SameSiteGuard } from './http/same-site.guard.js';
import { AUTH_SETTINGS, type AuthSettings } from './options/auth-settings.js';
import { CHECKED_OPTIONS, portProviders } from './port-providers.js';
import { provide } from './provide.js';
import { Singletons } from './singletons.js';
import { systemClock } from './runtime/clock.js';
import { MODULE_CLOCK } from './runtime/module-clock.js';
import { PurgeSessions } from './sessions/purge-sessions.js';
import { RevocationFeed } from './sessions/revocation-feed.js';
import { JSON_WEB_KEY_SET } from './tokens/json-web-key-set.js';
import { wire, type Wired } from './wiring.js';

/** Nest makes those that `@UseGuards()` names in the module of the route. These are for an app that injects one. */
const guards = [JwtAuthGuard, JwtRefreshGuard, RolesGuard, SameSiteGuard];

/** The token of what tries the hashing of passwords out at boot. */
const PASSWORDS_TRIAL = 'nestjs-refresh-auth:PASSWORDS_TRIAL';

/** What the module provides, whether it has routes or not. The function `wire` is the token of what it returns. */
export function moduleProviders(
  registration: CheckedExtras['registration'],
  databases: Databases,
): Provider[] {
  return [
    provide(AUTH_SETTINGS, [CHECKED_OPTIONS], ({ settings }: CheckedOptions) => settings),

    // What an app may replace, and then the check of what is there.
    ...portProviders(databases),
    provide(
      CHECKED_PORTS,
      PORTS.map(([, token]) => token),
      (...ports: unknown[]) => checkedPorts(ports, registration !== false),
    ),

    // The parts, made by `wire`, and those of them that Nest or the app uses.
    provide(
      wire,
      [AUTH_SETTINGS, CHECKED_PORTS, APP_DATABASE],
      (settings: AuthSettings, ports: CheckedPorts, database?: AppDatabase) => {
        const ofSessions = databases.ofStore(ports.store);
        return wire({
          ...ports,
          settings,
          furtherFields:
            typeof registration === 'object' ? furtherFields(registration.schema) : null,
          ...(ofSessions !== null && { databaseTime: () => databases.time(ofSessions) }),
          transactions: databases.transactions(database),
        });
      },
    ),
    provide(AuthService, [wire], ({ auth }: Wired) => auth),
    provide(AccessTokenStrategy, [wire], ({ accessStrategy }: Wired) => accessStrategy),
    provide(RefreshTokenStrategy, [wire], ({ refreshStrategy }: Wired) => refreshStrategy),
    provide(Refusals, [wire], ({ refusals }: Wired) => refusals),
    provide(RevocationFeed, [wire], ({ feed }: Wired) => feed),
    provide(PurgeSessions, [wire], ({ purger }: Wired) => purger),
    provide(JSON_WEB_KEY_SET, [wire], ({ jwks }: Wired) => jwks),
    provide(MODULE_CLOCK, [wire], ({ clock }: Wired) => clock),

    // Between HTTP and the parts.
    AuthRequests,
    AuthResponses,
    { provide: SessionCookies, useExisting: AuthResponses },
    PassportName,
    ...guards,

    // What happens at boot and at shutdown.
    Singletons,
    DecoratorChecks,
    provide(
      BootChecks,
      [AUTH_SETTINGS, CHECKED_PORTS, APP_DATABASE],
      (settings: AuthSettings, ports: CheckedPorts, database?: AppDatabase) =>
        new BootChecks(settings, () => databases.check(inDatabase(settings, ports), database)),
    ),
    // Not among the BootChecks: Nest runs the hooks of what depends on `wire` together, and the session with which they
    // try the store out would be taken for the latest login by PurgeSessions.
    provide(PASSWORDS_TRIAL, [wire], ({ passwords }: Wired): OnApplicationBootstrap => ({
      onApplicationBootstrap: () => passwords.tryOut(),
    })),
  ];
}

/** For the guards, which Nest makes in the module whose routes they guard, and for what an app writes itself. */
export const moduleExports = [
  AuthService,
  AuthRequests,
  AuthResponses,
  AccessTokenStrategy,
  RefreshTokenStrategy,
  SessionCookies,
  AUTH_SETTINGS,
  Refusals,
  ...guards,
];

/** The ports and not the options: what replaced a port has no tables to check. */
function inDatabase({ limits }: AuthSettings, { store, limiter, clock }: CheckedPorts): InDatabase {
  return {
    store,
    limiter: limits === null ? null : limiter,
    now: clock === systemClock ? systemClock.now : null,
  };
}
