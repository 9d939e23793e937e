import {
  ConfigurableModuleBuilder,
  Inject,
  Logger,
  Module,
  Optional,
  type DynamicModule,
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
import { wire, type Wired } from './wiring.js';
import { checkedPorts, PORTS } from './checked-ports.js';
import { CHECKED_OPTIONS, portProviders, provide } from './port-providers.js';
import { LIMITER_FACTORY, type LimiterFactory } from './limits/limiters.js';
import { REFRESH_TOKEN_STORE, type RefreshTokenStore } from './sessions/refresh-token-store.js';
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
import { AuthConfigurationError } from './errors/configuration-error.js';
import { comparedModules, OtherModules } from './other-modules.js';
import { BootChecks } from './boot-checks.js';
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
import { CLOCK, systemClock, type Clock } from './runtime/clock.js';
import { AuthService } from './auth.service.js';
import { Refusals } from './events/refusals.js';
import { RevocationFeed } from './sessions/revocation-feed.js';
import { PurgeSessions } from './sessions/purge-sessions.js';
import { authEntities } from './typeorm/auth-entities.js';
import { JSON_WEB_KEY_SET } from './tokens/json-web-key-set.js';
import { checkDatabase } from './typeorm/check-database.js';
import { databaseTime } from './typeorm/database-clock.js';
import { dataSourceOfLimiter } from './typeorm/database-limiter.js';
import { openTransactions } from './typeorm/open-transactions.js';
import { replicaNotice } from './typeorm/replica-notice.js';
import { SessionDatabaseCloser } from './typeorm/session-database-closer.js';
import { TypeOrmRefreshTokenStore } from './typeorm/typeorm-refresh-token.store.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'RefreshAuth' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createAuthOptions')
    .setExtras<AuthModuleExtras>(EXTRA_DEFAULTS, (definition, extras) =>
      define(definition, extras as CheckedExtras),
    )
    .build();

const EXPORTED = [
  AuthService,
  AuthRequests,
  AuthResponses,
  AccessTokenStrategy,
  RefreshTokenStrategy,
  // For the guards, which Nest creates in the module whose routes they guard.
  SessionCookies,
  AUTH_SETTINGS,
  Refusals,
];

/**
 * Login sessions: routes, guards and {@link AuthService}. Import it once, with `forRoot` or `forRootAsync`: without them
 * whatever it exports stops the boot.
 */
@Module({
  providers: EXPORTED.map((token) => provide(token, [], withoutOptions)),
  exports: EXPORTED,
})
export class AuthModule extends ConfigurableModuleClass implements NestModule {
  constructor(
    @Optional() @Inject(OtherModules) private readonly otherModules?: OtherModules,
    @Optional() @Inject(UnreadableBody) private readonly unreadableBody?: UnreadableBody,
  ) {
    super();
  }

  /** Nest asks for middleware when the body parsers are in place and the routes aren't. */
  configure(): void {
    this.otherModules?.compare();
    this.unreadableBody?.beforeRoutes();
  }

  /** @throws {AuthConfigurationError} at boot, for options that are missing, weak or contradictory */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    const extras = extrasOfForRoot(options);
    // Nest gets no options: it would copy them, and the check is to see them as they were given.
    return withProviders(super.forRoot(extras as object as typeof OPTIONS_TYPE), [
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

function withoutOptions(): never {
  throw new AuthConfigurationError(
    'AuthModule is imported without options: import AuthModule.forRoot({ users, accessToken: { secret }, refreshToken: { secret } }), or forRootAsync(…). Once is enough: every other module has what it exports, or with isGlobal: false imports what forRoot returned.',
  );
}

function withProviders(definition: DynamicModule, providers: Provider[]): DynamicModule {
  return { ...definition, providers: [...(definition.providers ?? []), ...providers] };
}

function define(definition: DynamicModule, extras: CheckedExtras): DynamicModule {
  const { isGlobal, dataSource, controller, registration, extraProviders } = extras;
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
      provide(AUTH_SETTINGS, [CHECKED_OPTIONS], ({ settings }: CheckedOptions) => settings),
      ...portProviders(optionalDataSource),
      // The function stands for what it returns, so that devtools show its name.
      provide(
        wire,
        [AUTH_SETTINGS, ...PORTS.map(([, token]) => token), optionalDataSource],
        (settings: AuthSettings, ...given: unknown[]) => parts(settings, registration, given),
      ),
      provide(AuthService, [wire], ({ auth }: Wired) => auth),
      provide(RevocationFeed, [wire], ({ feed }: Wired) => feed),
      provide(Refusals, [wire], ({ refusals }: Wired) => refusals),
      provide(PurgeSessions, [wire], ({ purger }: Wired) => purger),
      provide(AccessTokenStrategy, [wire], ({ accessStrategy }: Wired) => accessStrategy),
      provide(RefreshTokenStrategy, [wire], ({ refreshStrategy }: Wired) => refreshStrategy),
      { provide: SessionCookies, useExisting: AuthResponses },
      provide(
        AuthResponses,
        [HttpAdapterHost, AUTH_SETTINGS, wire],
        (host: HttpAdapterHost, settings: AuthSettings, { time }: Wired) =>
          new AuthResponses(host, settings, time),
      ),
      provide(
        AuthRequests,
        [AUTH_SETTINGS],
        (settings: AuthSettings) => new AuthRequests(settings),
      ),
      provide(JSON_WEB_KEY_SET, [wire], ({ jwks }: Wired) => jwks),
      provide(
        SessionDatabaseCloser,
        [optionalDataSource],
        (source?: DataSource) => new SessionDatabaseCloser(source),
      ),
      DecoratorChecks,
      ...comparedModules({ path: mounted === null ? null : path, isGlobal }),
      provide(
        BootChecks,
        [AUTH_SETTINGS, REFRESH_TOKEN_STORE, LIMITER_FACTORY, CLOCK, optionalDataSource],
        bootChecks,
      ),
      ...(mounted === null ? [] : routeProviders(path, mounted)),
      ...(extraProviders as Provider[]),
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

/** @param given the ports, in the order of {@link PORTS}, and the DataSource */
function parts(settings: AuthSettings, registration: boolean, given: unknown[]): Wired {
  const ports = checkedPorts(given, registration);
  const { store } = ports;
  const wired = wire({
    ...ports,
    settings,
    ...(store instanceof TypeOrmRefreshTokenStore && {
      databaseTime: () => databaseTime(store.dataSource),
    }),
    transactions: openTransactions(given.at(-1) as DataSource | undefined),
  });
  void wired.passwords.decoy();
  return wired;
}

/** Asks what is in use, not the options: what replaced it has no tables to check. */
function bootChecks(
  settings: AuthSettings,
  store: RefreshTokenStore,
  limiter: LimiterFactory,
  clock: Clock,
  dataSource: DataSource | undefined,
): BootChecks {
  const sessions = store instanceof TypeOrmRefreshTokenStore ? store.dataSource : null;
  const limits = settings.limits === null ? null : dataSourceOfLimiter(limiter);
  const now = clock === systemClock ? systemClock.now : null;
  return new BootChecks(settings, async () => {
    const notice = replicaNotice(dataSource);
    if (notice !== null) new Logger('AuthModule').log(notice);
    for (const each of new Set([sessions, limits])) {
      if (each === null) continue;
      await checkDatabase(each, { sessions: each === sessions, limits: each === limits, now });
    }
  });
}
