import type { ModulesContainer } from '@nestjs/core';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { UntrustedProxyWarning } from './untrusted-proxy-warning.js';

/**
 * The sentence about a class that extends `AuthController` and is among the controllers of another module. There, a
 * method that overrides a route would have lost its guards, and a body that can't be read would get no code.
 *
 * @param isOurs whether the guards of a class are those of `AuthController`
 */
export function mountedElsewhere(
  modules: ModulesContainer | undefined,
  isOurs: (guards: readonly unknown[]) => boolean,
): string {
  for (const module of modules?.values() ?? []) {
    if (module.providers.has(UntrustedProxyWarning)) continue;
    for (const { metatype, name } of module.controllers.values()) {
      const guards = Reflect.getMetadata(GUARDS_METADATA, metatype as object) as
        unknown[] | undefined;
      if (!isOurs(guards ?? [])) continue;
      return `${name} is among the controllers of ${module.name}, where its routes would not have all of their guards: take it out there, and pass it to AuthModule as { controller: ${name}, path }. What its constructor needs comes by imports of forRootAsync, by extraProviders, or from a global module.`;
    }
  }
  return 'a guard of AuthController is used in another module: pass your class that extends AuthController to AuthModule as { controller }.';
}
