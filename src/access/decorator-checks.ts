import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { accessRule, classesOf, ownRule } from './access-rule.js';

/** Looks at the decorators of every controller, resolver and gateway, and stops the boot where they contradict. */
@Injectable()
export class DecoratorChecks implements OnApplicationBootstrap {
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  onApplicationBootstrap(): void {
    for (const { controllers, providers } of this.modules.values()) {
      for (const { metatype, instance } of [...controllers.values(), ...providers.values()]) {
        for (const each of new Set([metatype, classOf(instance)])) {
          if (typeof each === 'function') refuseContradictions(each);
        }
      }
    }
  }
}

/** @throws {AuthConfigurationError} naming the class, or the class and its method */
export function refuseContradictions(controller: object): void {
  const classes = classesOf(controller) as Class[];
  for (const [i, each] of classes.entries()) {
    refuse(nameOf(each), each);
    for (const [name, method] of methodsOf(each)) {
      refuse(`${nameOf(each)}.${String(name)}`, method);
      refuseOpenedOverride(controller, classes.slice(i), name, method);
    }
  }
}

interface Class {
  name?: string;
  prototype?: object;
}

/** Without what is inherited, and without reading getters. */
function methodsOf(each: Class): [name: string | symbol, method: object][] {
  const members = Object.getOwnPropertyDescriptors(each.prototype ?? {});
  return Reflect.ownKeys(members).flatMap((name) => {
    const { value } = (members as Record<string | symbol, PropertyDescriptor>)[name]!;
    return typeof value === 'function' && value !== each ? [[name, value as object]] : [];
  });
}

/** A mixin may return a class without a name. */
function nameOf({ name }: Class): string {
  return name || 'A class without a name';
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

/**
 * Decorators stand on a function, so a method that overrides another doesn't inherit them: what was for some is then for
 * whom the classes say, which may be everybody. A method without any decorator is no handler, and can't be called.
 *
 * @param chain the method's class and what it extends
 */
function refuseOpenedOverride(
  controller: object,
  [own, ...extended]: Class[],
  name: string | symbol,
  method: object,
): void {
  if (Reflect.getOwnMetadataKeys(method).length === 0 || saysSomething(method)) return;
  for (const base of extended) {
    const overridden = methodsOf(base).find(([each]) => each === name)?.[1];
    if (overridden === undefined || !saysSomething(overridden)) continue;
    const before = ownRule(overridden);
    const now = accessRule(method, controller);
    const isOpened = now.isPublic ? before.isPublic !== true : before.roles && now.roles === null;
    if (!isOpened) return;
    throw new AuthConfigurationError(
      `${nameOf(own!)}.${String(name)} overrides ${nameOf(base)}.${String(name)}, which has ${decoratorOf(before)}, and inherits no decorator: ` +
        `${now.isPublic ? 'everybody' : 'whoever is logged in'} could call it. Put ${decoratorOf(before)} on it too, or @Public().`,
    );
  }
}

function saysSomething(method: object): boolean {
  return Object.keys(ownRule(method)).length > 0;
}

function decoratorOf({ roles }: { roles?: readonly string[] }): string {
  return roles ? `@Roles(${roles.map((role) => `'${role}'`).join(', ')})` : '@Public(false)';
}

/** Of what a factory made, too. */
function classOf(instance: unknown): unknown {
  if (typeof instance !== 'object' || instance === null) return null;
  return (Object.getPrototypeOf(instance) as { constructor?: unknown } | null)?.constructor;
}
