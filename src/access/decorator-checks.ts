import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { classesOf, ownRule } from './access-rule.js';
import { refuseLostGuards } from './lost-guards.js';
import { membersOf, nameOf, type Class } from './members-of.js';
import { refuseOpenedOverrides, type Place } from './opened-overrides.js';

/** Checks the decorators of every controller, resolver and gateway, and stops the boot if they contradict each other. */
@Injectable()
export class DecoratorChecks implements OnApplicationBootstrap {
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  onApplicationBootstrap(): void {
    for (const { controllers, providers } of this.modules.values()) {
      for (const each of controllers.values()) this.#look(each, true);
      for (const each of providers.values()) this.#look(each, false);
    }
  }

  #look(given: { metatype: unknown; instance: unknown }, isController: boolean) {
    const instance = typeof given.instance === 'object' ? given.instance : null;
    for (const controller of new Set([given.metatype, classOf(instance)])) {
      if (typeof controller !== 'function') continue;
      refuseContradictions(controller, { isController, instance });
    }
  }
}

/** @throws {AuthConfigurationError} naming the class, or the class and its method */
export function refuseContradictions(
  controller: object,
  place: Place = { isController: true, instance: null },
): void {
  for (const each of classesOf(controller) as Class[]) {
    refuse(nameOf(each), each);
    for (const [name, method] of membersOf(each.prototype)) {
      if (method !== null) refuse(`${nameOf(each)}.${String(name)}`, method);
    }
  }
  refuseOpenedOverrides(controller, place);
  refuseLostGuards(controller, place);
}

function refuse(name: string, target: object): void {
  const { isPublic, roles } = ownRule(target);
  if (roles === undefined) return;
  if (isPublic === true) {
    throw new AuthConfigurationError(
      `${name} has both @Public() and @Roles(): take one of them away, for it can't be open to everybody and to some.`,
    );
  }
  if (roles.length === 0 || roles.some((role) => typeof role !== 'string' || role === '')) {
    throw new AuthConfigurationError(
      `${name} has @Roles() without a role, or with one that is no text: name the roles, as in @Roles('admin').`,
    );
  }
}

/** Of what a factory made, too. */
function classOf(instance: object | null): unknown {
  if (instance === null) return null;
  return (Object.getPrototypeOf(instance) as { constructor?: unknown } | null)?.constructor;
}
