import { RequestMethod, type Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  HEADERS_METADATA,
  PATH_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import { classesOf, nearestRule, ownRule } from '../access/access-rule.js';
import { JwtAuthGuard } from '../access/jwt-auth.guard.js';
import { membersOf, nameOf, type Class } from '../access/members-of.js';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { AuthController } from './auth.controller.js';
import { AuthRouteMatcher } from './auth-route-matcher.js';
import { routeHandlersOf, type RouteHandler } from './auth-routes.js';

/**
 * Refuses a class that extends `AuthController` and takes away what its routes promise.
 *
 * @throws {AuthConfigurationError} naming the class and the method, and what to do instead
 */
export function refuseSubclass(Mounted: Type<AuthController>): void {
  refuseVanishedRoutes(Mounted);
  refuseOpenedRoutes(Mounted);
  const routes = routeHandlersOf(Mounted);
  for (const route of routes) refuseCaching(Mounted, route);
  refuseHiddenRoutes(Mounted, routes);
}

/** Nest takes no getter for a route, and doesn't look at what it hides. */
function refuseVanishedRoutes(Mounted: Type): void {
  const routes = new Set<string | symbol>();
  for (const owner of (classesOf(Mounted) as Class[]).toReversed()) {
    for (const [name, method] of membersOf(owner.prototype)) {
      if (method === null && routes.has(name)) {
        throw new AuthConfigurationError(
          `${nameOf(owner)}.${String(name)} takes the place of a route and is no method, so that the route would be gone: write it as a method, ${String(name)}(…) { … }.`,
        );
      }
      if (method !== null && Reflect.hasOwnMetadata(PATH_METADATA, method)) routes.add(name);
    }
  }
}

/** Without a user, these routes would fail, or send nothing as if that were somebody. */
function refuseOpenedRoutes(Mounted: Type): void {
  const classes = classesOf(Mounted);
  for (const { name, paths } of routeHandlersOf(AuthController).filter(needsUser)) {
    const handler = (Mounted.prototype as Record<string, object>)[name]!;
    if (!nearestRule([handler, ...classes].map(ownRule)).isPublic) continue;
    const opener = ownRule(handler).isPublic
      ? titleOf(Mounted, name)
      : nameOf(classes.find((each) => ownRule(each).isPublic) as Class);
    throw new AuthConfigurationError(
      `@Public() on ${opener} would let everybody call a route that needs a user (${paths.join()}): take it away there. Put it on the routes that you add for everybody; for an anonymous variant of this one, add a route with a path of its own.`,
    );
  }
}

function needsUser({ handler }: RouteHandler): boolean {
  return (Reflect.getOwnMetadata(GUARDS_METADATA, handler) as unknown[]).includes(JwtAuthGuard);
}

/** `Cache-Control`, what stands above it for a CDN (RFC 9213), and what did so before that. */
const CACHE_HEADER = /^(?:[\w-]+-)?cache-control$|^surrogate-control$/i;

/** Nest sets these headers after the guards, in place of `no-store`, and also on an error. */
function refuseCaching(Mounted: Type, { name, handler }: RouteHandler): void {
  const headers = (Reflect.getMetadata(HEADERS_METADATA, handler) ?? []) as {
    name: string;
    value: unknown;
  }[];
  const bad = headers.find((header) => CACHE_HEADER.test(header.name) && !isNoStore(header.value));
  if (bad === undefined) return;
  throw new AuthConfigurationError(
    `@Header('${bad.name}', …) on ${titleOf(Mounted, name)} would take the place of no-store, which every response of a class that extends AuthController has: take it away. A route whose responses may be cached belongs in a controller of its own.`,
  );
}

function isNoStore(value: unknown): boolean {
  return typeof value === 'string' && /(?:^|[\s,])no-store(?:$|[\s,])/i.test(value);
}

/** Express gives a request to the first route that matches it, without a word; Fastify refuses two with one path. */
function refuseHiddenRoutes(Mounted: Type, routes: readonly RouteHandler[]): void {
  const places = routes.flatMap((route) => route.paths.map((path) => ({ ...route, path })));
  for (const [i, first] of places.entries()) {
    const hidden = places
      .slice(i + 1)
      .find((other) => sharesRequests(first, other) && covers(first.path, other));
    if (hidden === undefined) continue;
    throw new AuthConfigurationError(
      `${titled(Mounted, first)} would receive the requests for ${titled(Mounted, hidden)}: give it another path, or override ${hidden.name}.`,
    );
  }
}

type Place = RouteHandler & { path: string };

function sharesRequests(one: Place, other: Place): boolean {
  const methods = [one.method, other.method];
  if (one.method !== other.method && !methods.includes(RequestMethod.ALL)) return false;
  return versionOf(one) === versionOf(other);
}

function versionOf({ handler }: Place): string {
  const version: unknown = Reflect.getMetadata(VERSION_METADATA, handler);
  return [version].flat().map(String).toSorted().join();
}

/** A pattern may cover the paths of routes that the app adds, of which it knows the order; but none of the module's. */
function covers(path: string, other: Place): boolean {
  if (shapeOf(path) === shapeOf(other.path)) return true;
  const isOurs = Object.hasOwn(AuthController.prototype, other.name);
  if (!isOurs || path.includes('(')) return false;
  const matcher = new AuthRouteMatcher('', [{ path, method: other.method, name: '' }]);
  return matcher.has(`/${other.path.replaceAll(/:\w+/g, 'x')}`);
}

/** Without what makes no difference to a router: the letters' case, outer slashes, and the names of parameters. */
function shapeOf(path: string): string {
  return path
    .toLowerCase()
    .replaceAll(/:\w+/g, ':')
    .split('/')
    .filter((segment) => segment !== '')
    .join('/');
}

function titled(Mounted: Type, { name, method, path }: Place): string {
  return `${titleOf(Mounted, name)} (${RequestMethod[method]} ${path})`;
}

/** With the class that has the method. */
function titleOf(Mounted: Type, name: string): string {
  const owner = (classesOf(Mounted) as Class[]).find((each) =>
    Object.hasOwn(each.prototype ?? {}, name),
  );
  return `${nameOf(owner ?? Mounted)}.${name}`;
}
