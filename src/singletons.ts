import { Inject, Injectable, type InjectionToken, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { PORTS } from './checked-ports.js';
import { AuthConfigurationError } from './errors/configuration-error.js';
import { CHECKED_OPTIONS } from './port-providers.js';

const NAMES: [name: string, token: InjectionToken][] = [
  ['options', CHECKED_OPTIONS],
  ...PORTS.map(([name, token]): [string, InjectionToken] => [name, token]),
];

/**
 * Refuses what Nest would make for each request: all that counts and remembers would be made with it, so limits would
 * count nothing and revocations would be forgotten. It injects nothing that could be one of them, so that Nest calls it.
 */
@Injectable()
export class Singletons implements OnModuleInit {
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  /** @throws {AuthConfigurationError} naming the port */
  onModuleInit(): void {
    const mine = [...this.modules.values()].find(
      ({ providers }) => providers.get(Singletons)?.instance === this,
    );
    for (const [name, token] of NAMES) {
      if (mine?.providers.get(token)?.isDependencyTreeStatic() !== false) continue;
      const what =
        name === 'options' ? 'what forRootAsync injects for the options' : `the port "${name}"`;
      throw new AuthConfigurationError(
        `${what} is made for each request (Scope.REQUEST), or injects what is: limits would count nothing, and revocations would be forgotten. Make it one for the whole app, and let it find what belongs to a request by AsyncLocalStorage, as nestjs-cls does.`,
      );
    }
  }
}
