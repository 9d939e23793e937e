import type { ExecutionContext } from '@nestjs/common';
import { clientOf, UNKNOWN_CLIENT } from '../events/client-info.js';
import type { Refused } from '../events/refusals.js';
import type { HttpRequest } from './http-request.js';

const ROUTE_NAMES = Symbol('nestjs-refresh-auth route names');

type RouteNames = Readonly<Record<string, string>>;

/**
 * Marks a controller of this module, whose class name does not appear in events.
 * @param names what events call its handlers, where that is not the handler's own name
 */
export const NameRoutes =
  (names: RouteNames): ClassDecorator =>
  (controller) =>
    void Object.defineProperty(controller, ROUTE_NAMES, { value: names });

/** What an event says of a call that a guard refused: which handler was meant, and where the call came from. */
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

/** What events call a handler: with its class, unless {@link NameRoutes} marks the class as one of this module. */
export function routeName(controller: object | undefined, handler: string): string {
  const { name, [ROUTE_NAMES]: names } = (controller ?? {}) as {
    name?: string;
    [ROUTE_NAMES]?: RouteNames;
  };
  return names === undefined ? `${name}.${handler}` : (names[handler] ?? handler);
}
