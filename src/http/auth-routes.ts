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

/** A method that is a route, or several. */
export interface RouteHandler {
  readonly name: string;
  readonly handler: object;
  readonly paths: readonly string[];
  readonly method: RequestMethod;
}

/** Every route of a controller, and of the classes that it extends, as Nest finds them. */
export function routesOf(controller: Type): AuthRoute[] {
  return routeHandlersOf(controller).flatMap(({ name, paths, method }) =>
    paths.map((path) => ({ path, method, name: routeName(controller, name) })),
  );
}

/** In the order in which Nest registers them: the methods of a class before those that it inherits. */
export function routeHandlersOf(controller: Type): RouteHandler[] {
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name]!;
    const paths = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
    if (paths === undefined) return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod;
    return [{ name, handler, paths: [paths].flat(), method }];
  });
}
