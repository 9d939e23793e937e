import type { Type } from '@nestjs/common';

/** Nest's keys for what makes a method a route, and for what `@UseGuards()` lists. */
const PATH = 'path';
const GUARDS = '__guards__';

/**
 * Decorators belong to a function, so that a method which overrides a route has none of them, and would be no route. With
 * a decorator of its own it would be one without the route's guards. So it inherits them: the guards of the route run
 * before its own, and any other decorator of its own replaces the route's.
 */
export function inheritRouteDecorators(controller: Type): void {
  const inherited = new Map<PropertyKey, object>();
  for (const prototype of prototypesOf(controller)) {
    for (const name of Reflect.ownKeys(prototype)) {
      const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (typeof method !== 'function' || name === 'constructor') continue;
      const route = inherited.get(name);
      if (route !== undefined) inherit(method, route);
      if (Reflect.hasOwnMetadata(PATH, method)) inherited.set(name, method);
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
  if (all.length > 0) Reflect.defineMetadata(GUARDS, all, method);
}

function guardsOf(method: object): unknown[] {
  return (Reflect.getOwnMetadata(GUARDS, method) ?? []) as unknown[];
}

/** Those of the classes that it extends first. */
function prototypesOf(controller: Type): object[] {
  const prototypes: object[] = [];
  let each: unknown = controller.prototype;
  while (typeof each === 'object' && each !== null && each !== Object.prototype) {
    prototypes.unshift(each);
    each = Object.getPrototypeOf(each);
  }
  return prototypes;
}
