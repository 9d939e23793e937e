import {
  ConfigurableModuleBuilder,
  Inject,
  Module,
  Optional,
  type DynamicModule,
  type NestModule,
  type Provider,
} from '@nestjs/common';
import type { AuthModuleExtras, AuthModuleOptions } from './auth-module-options.js';
import {
  extrasOfForRoot,
  optionsOfClass,
  optionsOfForRoot,
  optionsOfForRootAsync,
  partsOfForRootAsync,
  EXTRA_DEFAULTS,
  type CheckedExtras,
} from './checked-options.js';
import { AuthConfigurationError } from './errors/configuration-error.js';
import { comparedModules, OtherModules } from './other-modules.js';
import { AuthController } from './http/auth.controller.js';
import { mountedController, trimmed } from './http/mounted-controller.js';
import { routeProviders } from './http/route-providers.js';
import { AuthRouteEdge } from './http/auth-route-edge.js';
import type { Databases } from './databases.js';
import { noDatabases } from './no-databases.js';
import { moduleExports, moduleProviders } from './module-providers.js';
import { CHECKED_OPTIONS } from './port-providers.js';
import { provide } from './provide.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'RefreshAuth' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createAuthOptions')
    .setExtras<AuthModuleExtras>(EXTRA_DEFAULTS, (definition) => definition)
    .build();

/**
 * `AuthModule` of `nestjs-refresh-auth/core`: keeps sessions in the `store` that it is given, and loads no ORM. Without
 * `forRoot` or `forRootAsync` whatever it exports stops the boot.
 */
@Module({
  providers: moduleExports.map((token) => provide(token, [], withoutOptions)),
  exports: moduleExports,
})
export class CoreAuthModule extends ConfigurableModuleClass implements NestModule {
  /** @internal */
  protected static readonly databases: Databases = noDatabases;

  constructor(
    @Optional() @Inject(OtherModules) private readonly otherModules?: OtherModules,
    @Optional() @Inject(AuthRouteEdge) private readonly routeEdge?: AuthRouteEdge,
  ) {
    super();
  }

  /** Nest calls this after it has registered the body parsers and before it registers the routes. */
  configure(): void {
    this.otherModules?.compare();
    this.routeEdge?.beforeRoutes();
  }

  /** @throws {AuthConfigurationError} at boot, for options that are missing, weak or contradictory */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    const extras = extrasOfForRoot(options);
    // Nest gets no options: it would copy them, and the check must see them as the app passed them.
    const definition = super.forRoot(extras as object as typeof OPTIONS_TYPE);
    return defined(definition, extras, this.databases, [
      provide(CHECKED_OPTIONS, [], () => optionsOfForRoot(options)),
    ]);
  }

  /** @throws {AuthConfigurationError} at boot, for options that are missing, weak or contradictory */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    const { extras, source } = partsOfForRootAsync(options);
    const classOfOptions = source.useClass ?? source.useExisting;
    // Not what was given: Nest would lose what is inherited, and read getters again.
    const checked = { ...source, ...extras } as object as typeof ASYNC_OPTIONS_TYPE;
    return defined(super.forRootAsync(checked), extras, this.databases, [
      ...(classOfOptions === undefined
        ? []
        : [provide(MODULE_OPTIONS_TOKEN, [classOfOptions], optionsOfClass)]),
      provide(CHECKED_OPTIONS, [MODULE_OPTIONS_TOKEN], optionsOfForRootAsync),
    ]);
  }
}

function withoutOptions(): never {
  throw new AuthConfigurationError(
    'AuthModule is imported without options: import AuthModule.forRoot({ users, accessToken: { secret }, refreshToken: { secret } }), or forRootAsync(…). Once is enough: every other module has what it exports, or with isGlobal: false imports what forRoot returned.',
  );
}

function defined(
  definition: DynamicModule,
  extras: CheckedExtras,
  databases: Databases,
  options: Provider[],
): DynamicModule {
  const { isGlobal, dataSource, tableNames, controller, registration, extraProviders } = extras;
  const path = trimmed(extras.path);
  const routes = controller === true ? AuthController : controller;
  const mounted = routes === false ? null : mountedController(routes, path, registration !== false);
  return {
    ...definition,
    global: isGlobal,
    controllers: mounted === null ? [] : [mounted],
    providers: [
      ...(definition.providers ?? []),
      ...options,
      ...databases.providers(dataSource, tableNames),
      ...moduleProviders(registration, databases),
      ...comparedModules({ path: mounted === null ? null : path, isGlobal }, databases),
      ...(mounted === null ? [] : routeProviders(path, mounted)),
      // Last, so that one under a token of the module takes the place of the module's own.
      ...(extraProviders as Provider[]),
    ],
  };
}
