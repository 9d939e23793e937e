import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { routeName } from '../access/refused-call.js';

/** A route of a controller, as its decorators describe it. */
export interface AuthRoute {
  /** Below the controller's path, in the syntax of Nest: `sessions/:id`. */
  readonly path: string;
  readonly method: RequestMethod;
  /** What events call it: `login`, `logoutAll` … */
  readonly name: string;
}

/** Every route of a controller, and of the classes that it extends, as Nest finds them. */
export function routesOf(controller: Type): AuthRoute[] {
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((handler) => {
    const method = prototype[handler]!;
    const paths = Reflect.getMetadata(PATH_METADATA, method) as string | string[] | undefined;
    if (paths === undefined) return [];
    const requestMethod = Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod;
    return [paths].flat().map((path) => ({
      path,
      method: requestMethod,
      name: routeName(controller, handler),
    }));
  });
}
