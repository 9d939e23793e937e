import { Inject, Injectable, type OnModuleInit, type Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CHECKED_PORTS, type CheckedPorts } from './checked-ports.js';
import type { Databases } from './databases.js';
import { AuthConfigurationError } from './errors/configuration-error.js';
import { AUTH_SETTINGS, type AuthSettings } from './options/auth-settings.js';
import { provide } from './provide.js';
import { contradictionOf, type ModuleInApp } from './two-modules.js';
import { wire, type Wired } from './wiring.js';

/** Under it each AuthModule says what it is. */
const MODULE_IN_APP = 'nestjs-refresh-auth:MODULE_IN_APP';

/** Compares the AuthModules of an app. */
@Injectable()
export class OtherModules implements OnModuleInit {
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  /** In an app without HTTP, where there are no routes to be before. */
  onModuleInit(): void {
    this.compare();
  }

  /**
   * To be called before the routes are registered: of two with one path, Fastify would complain in its own words.
   * @throws {AuthConfigurationError} where two of them contradict each other
   */
  compare(): void {
    const all = [...this.modules.values()].flatMap(({ providers }) => {
      const instance = providers.get(MODULE_IN_APP)?.instance as ModuleInApp | undefined;
      return instance === undefined ? [] : [instance];
    });
    for (const [i, one] of all.entries()) {
      for (const other of all.slice(i + 1)) {
        const contradiction = contradictionOf(one, other);
        if (contradiction !== null) throw new AuthConfigurationError(contradiction);
      }
    }
  }
}

/** @param definition what is known of the module when it is defined */
export function comparedModules(
  definition: Pick<ModuleInApp, 'path' | 'isGlobal'>,
  databases: Databases,
): Provider[] {
  return [
    OtherModules,
    provide(
      MODULE_IN_APP,
      [AUTH_SETTINGS, wire, CHECKED_PORTS],
      (
        settings: AuthSettings,
        { keys }: Wired,
        { users, store, limiter }: CheckedPorts,
      ): ModuleInApp => ({
        ...definition,
        settings,
        keys,
        users,
        sessionsIn: databases.ofStore(store) ?? store,
        countersIn: settings.limits === null ? null : databases.ofLimiter(limiter),
      }),
    ),
  ];
}
