import type { ExecutionContext } from '@nestjs/common';
import { clientOf, UNKNOWN_CLIENT } from '../events/client-info.js';
import type { Refused } from '../events/refusals.js';
import type { HttpRequest } from './http-request.js';

const ROUTE_NAMES = Symbol('nestjs-refresh-auth route names');

type RouteNames = Readonly<Record<string, string>>;

/**
 * Marks a controller of this module: events name its routes without its class.
 * @param names what events call a handler, if not by its own name
 */
export const NameRoutes =
  (names: RouteNames): ClassDecorator =>
  (controller) =>
    void Object.defineProperty(controller, ROUTE_NAMES, { value: names });

/** What an event says about a call that a guard refused: the handler, and where the call came from. */
export function refusedCall(context: ExecutionContext, request: HttpRequest): Refused {
  const isHttp = context.getType<string>() === 'http';
  return {
    where: nameOf(context),
    client: isHttp || request.ip !== undefined ? clientOf(request) : UNKNOWN_CLIENT,
  };
}

function nameOf(context: ExecutionContext): string {
  return routeName(context.getClass(), context.getHandler()?.name);
}

/** A handler's name in events: with its class, unless {@link NameRoutes} marks the class as one of this module. */
export function routeName(controller: object | undefined, handler: string): string {
  const { name, [ROUTE_NAMES]: names } = (controller ?? {}) as {
    name?: string;
    [ROUTE_NAMES]?: RouteNames;
  };
  return names === undefined ? `${name}.${handler}` : (names[handler] ?? handler);
}
