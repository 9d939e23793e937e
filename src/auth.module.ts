import {
  ConfigurableModuleBuilder,
  Inject,
  Logger,
  Module,
  Optional,
  type DynamicModule,
  type FactoryProvider,
  type InjectionToken,
  type NestModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AccessTokenStrategy } from './access/access-token.strategy.js';
import { DecoratorChecks } from './access/decorator-checks.js';
import { RefreshTokenStrategy } from './access/refresh-token.strategy.js';
import { SessionCookies } from './access/session-cookies.js';
import { wire, type Wired, type Ports } from './wiring.js';
import type { AuthModuleExtras, AuthModuleOptions } from './auth-module-options.js';
import {
  extrasOfForRoot,
  extrasOfForRootAsync,
  optionsOfClass,
  optionsOfForRoot,
  optionsOfForRootAsync,
  EXTRA_DEFAULTS,
  type CheckedExtras,
  type CheckedOptions,
} from './checked-options.js';
import { BootChecks } from './boot-checks.js';
import { AuthConfigurationError } from './errors/configuration-error.js';
import { AuthController } from './http/auth.controller.js';
import { AuthRequests } from './http/auth-requests.js';
import { AuthResponses } from './http/auth-responses.js';
import { JwksRoute } from './http/jwks-route.js';
import { mountedController } from './http/mounted-controller.js';
import { NoStore } from './http/no-store.js';
import { AuthRouteMatcher } from './http/auth-route-matcher.js';
import { routesOf } from './http/auth-routes.js';
import { UnreadableBody } from './http/unreadable-body.js';
import { UntrustedProxyWarning } from './http/untrusted-proxy-warning.js';
import { AUTH_SETTINGS, type AuthSettings } from './options/auth-settings.js';
import { CLOCK, inWholeMilliseconds, systemClock, type Clock } from './runtime/clock.js';
import { systemRandom } from './runtime/random-source.js';
import { AuthService } from './auth.service.js';
import { memoryLimiter } from './limits/limiters.js';
import { auditLog } from './events/audit-log.js';
import { Refusals } from './events/refusals.js';
import { RevocationFeed } from './sessions/revocation-feed.js';
import { PurgeSessions } from './sessions/purge-sessions.js';
import { SharedClock } from './runtime/shared-clock.js';
import { authEntities } from './typeorm/auth-entities.js';
import { JSON_WEB_KEY_SET } from './tokens/json-web-key-set.js';
import { checkDatabase } from './typeorm/check-database.js';
import { databaseTime } from './typeorm/database-clock.js';
import { databaseLimiter } from './typeorm/database-limiter.js';
import { openTransactions } from './typeorm/open-transactions.js';
import { replicaNotice } from './typeorm/replica-notice.js';
import { SessionDatabaseCloser } from './typeorm/session-database-closer.js';
import { supportedDatabase } from './typeorm/supported-databases.js';
import { TypeOrmRefreshTokenStore } from './typeorm/typeorm-refresh-token.store.js';

/** What came through the checks; what was given is not read by anything else. */
const CHECKED_OPTIONS = Symbol('nestjs-refresh-auth checked options');

const ASSEMBLED = Symbol('nestjs-refresh-auth assembled parts');

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'RefreshAuth' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createAuthOptions')
    .setExtras<AuthModuleExtras>(EXTRA_DEFAULTS, (definition, extras) =>
      define(definition, extras as CheckedExtras),
    )
    .build();

/** Login sessions: routes, guards and {@link AuthService}. Import it once, with `forRoot` or `forRootAsync`. */
@Module({})
export class AuthModule extends ConfigurableModuleClass implements NestModule {
  constructor(
    @Optional() @Inject(UnreadableBody) private readonly unreadableBody?: UnreadableBody,
  ) {
    super();
  }

  /** Nest asks for middleware when the body parsers are in place and the routes aren't. */
  configure(): void {
    this.unreadableBody?.beforeRoutes();
  }

  /** @throws {AuthConfigurationError} at boot, for options that are missing, weak or contradictory */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    const extras = extrasOfForRoot(options);
    // Nest gets no options: it would copy them, and the check is to see them as they were given.
    return withProviders(super.forRoot(extras as typeof OPTIONS_TYPE), [
      provide(CHECKED_OPTIONS, [], () => optionsOfForRoot(options)),
    ]);
  }

  /** @throws {AuthConfigurationError} at boot, for options that are missing, weak or contradictory */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    const extras = extrasOfForRootAsync(options);
    const source = options.useClass ?? options.useExisting;
    return withProviders(super.forRootAsync({ ...options, ...extras }), [
      ...(source === undefined ? [] : [provide(MODULE_OPTIONS_TOKEN, [source], optionsOfClass)]),
      provide(CHECKED_OPTIONS, [MODULE_OPTIONS_TOKEN], optionsOfForRootAsync),
    ]);
  }
}

function withProviders(definition: DynamicModule, providers: Provider[]): DynamicModule {
  return { ...definition, providers: [...(definition.providers ?? []), ...providers] };
}

function define(definition: DynamicModule, extras: CheckedExtras): DynamicModule {
  const { isGlobal, dataSource, controller, registration } = extras;
  const path = extras.path.replace(/^\/+|\/+$/g, '');
  // Called for what it does on the side: it makes our entity known to DataSources with `autoLoadEntities`.
  TypeOrmModule.forFeature(authEntities, dataSource);
  const optionalDataSource = { token: getDataSourceToken(dataSource), optional: true };
  const routes = controller === true ? AuthController : controller;
  const mounted = routes === false ? null : mountedController(routes, path, registration);
  return {
    ...definition,
    global: isGlobal,
    controllers: mounted === null ? [] : [mounted],
    providers: [
      ...(definition.providers ?? []),
      provide(AUTH_SETTINGS, [CHECKED_OPTIONS], (options: CheckedOptions) =>
        settingsOf(options, registration),
      ),
      provide(CLOCK, [CHECKED_OPTIONS], ({ clock }: CheckedOptions) =>
        clock === undefined ? new SharedClock(systemClock) : inWholeMilliseconds(clock),
      ),
      provide(ASSEMBLED, [CHECKED_OPTIONS, AUTH_SETTINGS, CLOCK, optionalDataSource], assembled),
      provide(AuthService, [ASSEMBLED], ({ auth }: Wired) => auth),
      provide(RevocationFeed, [ASSEMBLED], ({ feed }: Wired) => feed),
      provide(Refusals, [ASSEMBLED], ({ refusals }: Wired) => refusals),
      provide(PurgeSessions, [ASSEMBLED], ({ purger }: Wired) => purger),
      provide(AccessTokenStrategy, [ASSEMBLED], ({ accessStrategy }: Wired) => accessStrategy),
      provide(RefreshTokenStrategy, [ASSEMBLED], ({ refreshStrategy }: Wired) => refreshStrategy),
      { provide: SessionCookies, useExisting: AuthResponses },
      provide(
        AuthResponses,
        [HttpAdapterHost, AUTH_SETTINGS, CLOCK],
        (host: HttpAdapterHost, settings: AuthSettings, clock: Clock) =>
          new AuthResponses(host, settings, clock),
      ),
      provide(
        AuthRequests,
        [AUTH_SETTINGS],
        (settings: AuthSettings) => new AuthRequests(settings),
      ),
      provide(JSON_WEB_KEY_SET, [ASSEMBLED], ({ jwks }: Wired) => jwks),
      provide(
        SessionDatabaseCloser,
        [optionalDataSource],
        (source?: DataSource) => new SessionDatabaseCloser(source),
      ),
      DecoratorChecks,
      provide(BootChecks, [CHECKED_OPTIONS, AUTH_SETTINGS, optionalDataSource], bootChecks),
      ...(mounted === null ? [] : routeProviders(path, mounted)),
    ],
    exports: [
      AuthService,
      AuthRequests,
      AuthResponses,
      AccessTokenStrategy,
      RefreshTokenStrategy,
      // For the guards, which Nest creates in the module whose routes they guard.
      SessionCookies,
      AUTH_SETTINGS,
      Refusals,
    ],
  };
}

function routeProviders(path: string, controller: Type): Provider[] {
  const matcher = new AuthRouteMatcher(path, routesOf(controller));
  return [
    { provide: AuthRouteMatcher, useValue: matcher },
    UnreadableBody,
    NoStore,
    UntrustedProxyWarning,
    JwksRoute,
  ];
}

function settingsOf({ settings, users }: CheckedOptions, registration: boolean): AuthSettings {
  if (registration && typeof users.create !== 'function') {
    throw new AuthConfigurationError(
      'registration needs users.create(): write it, or leave registration out.',
    );
  }
  return settings;
}

function assembled(
  options: CheckedOptions,
  settings: AuthSettings,
  clock: Clock,
  dataSource: DataSource | undefined,
): Wired {
  const parts = wire({
    settings,
    clock,
    users: options.users,
    ...sessionStore(options, dataSource),
    random: options.random ?? systemRandom,
    listener: options.events ?? auditLog(),
    limiter:
      settings.limits?.store === 'database'
        ? databaseLimiter(usable(dataSource, NOTHING_TO_COUNT_IN))
        : memoryLimiter,
    passwordHashers: options.passwordHashers ?? [],
    isBreached: options.isBreached ?? null,
    transactions: openTransactions(dataSource),
  });
  void parts.passwords.decoy();
  return parts;
}

/** The sessions of a store of the app's own have no clock that could be asked. */
function sessionStore(
  { store }: CheckedOptions,
  dataSource: DataSource | undefined,
): Pick<Ports, 'store' | 'databaseTime'> {
  if (store !== undefined) return { store };
  const source = usable(dataSource);
  return {
    store: new TypeOrmRefreshTokenStore(source),
    databaseTime: () => databaseTime(source),
  };
}

function bootChecks(
  { store, clock }: CheckedOptions,
  settings: AuthSettings,
  dataSource: DataSource | undefined,
): BootChecks {
  const sessions = store === undefined;
  const limits = settings.limits?.store === 'database';
  return new BootChecks(settings, async () => {
    const notice = replicaNotice(dataSource);
    if (notice !== null) new Logger('AuthModule').log(notice);
    if (sessions || limits) {
      const now = clock === undefined ? systemClock.now : null;
      await checkDatabase(usable(dataSource), { sessions, limits, now });
    }
  });
}

const NOTHING_TO_KEEP_SESSIONS_IN =
  'there is no TypeORM DataSource to keep sessions in: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or pass a store.';

const NOTHING_TO_COUNT_IN =
  'limits.store "database" counts by a TypeORM DataSource, whatever keeps the sessions, and there is none: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or use "memory".';

function usable(
  dataSource: DataSource | undefined,
  without = NOTHING_TO_KEEP_SESSIONS_IN,
): DataSource {
  if (dataSource === undefined) throw new AuthConfigurationError(without);
  supportedDatabase(dataSource);
  if (!authEntities.every((entity) => dataSource.hasMetadata(entity))) {
    throw new AuthConfigurationError(
      'the DataSource does not know the entities of this module: add ...authEntities to its entities and ...authMigrations to its migrations.',
    );
  }
  return dataSource;
}

function provide<T>(
  token: InjectionToken<T>,
  inject: FactoryProvider['inject'],
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the tokens stand for
  useFactory: (...given: any[]) => T,
): FactoryProvider<T> {
  return { provide: token, inject: inject ?? [], useFactory };
}
