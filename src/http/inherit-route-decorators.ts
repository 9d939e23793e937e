import type { Type } from '@nestjs/common';
import { GUARDS_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { classesOf } from '../access/access-rule.js';
import { membersOf, type Class } from '../access/members-of.js';

/**
 * Decorators belong to a function, so that a method which overrides a route has none of them, and would be no route. With
 * a decorator of its own it would be one without the route's guards. So it inherits them: the guards of the route run
 * before its own, and any other decorator of its own replaces the route's.
 */
export function inheritRouteDecorators(controller: Type): void {
  const inherited = new Map<PropertyKey, object>();
  // Those of the classes that it extends first.
  for (const owner of (classesOf(controller) as Class[]).toReversed()) {
    for (const [name, method] of membersOf(owner.prototype)) {
      if (method === null) continue;
      const route = inherited.get(name);
      if (route !== undefined) inherit(method, route);
      if (Reflect.hasOwnMetadata(PATH_METADATA, method)) inherited.set(name, method);
    }
  }
}

function inherit(method: object, route: object): void {
  const own = guardsOf(method);
  const guards = guardsOf(route);
  for (const key of Reflect.getOwnMetadataKeys(route) as unknown[]) {
    if (Reflect.hasOwnMetadata(key, method)) continue;
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, route), method);
  }
  const all = [...guards, ...own.filter((guard) => !guards.includes(guard))];
  if (all.length > 0) Reflect.defineMetadata(GUARDS_METADATA, all, method);
}

function guardsOf(method: object): unknown[] {
  return (Reflect.getOwnMetadata(GUARDS_METADATA, method) ?? []) as unknown[];
}
