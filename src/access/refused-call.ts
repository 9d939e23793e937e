import type { ExecutionContext } from '@nestjs/common';
import { UNKNOWN_CLIENT } from '../events/client-info.js';
import type { Refused } from '../events/refusals.js';
import { clientOf } from './client-of.js';
import type { HttpRequest } from './http-request.js';

/**
 * What a controller of this module's has in place of a name: what its handlers are called where they aren't called as
 * they are. Its class is nobody's business.
 */
export const ROUTE_NAMES = Symbol('nestjs-refresh-auth route names');

export type RouteNames = Readonly<Record<string, string>>;

/** What an event says of a call that a guard refused: which handler was meant, and where the call came from. */
export function refusedCall(context: ExecutionContext, request: HttpRequest): Refused {
  const isHttp = context.getType<string>() === 'http';
  return {
    where: nameOf(context),
    client: isHttp || request.ip !== undefined ? clientOf(request) : UNKNOWN_CLIENT,
  };
}

function nameOf(context: ExecutionContext): string {
  const controller = context.getClass() as
    { name?: string; [ROUTE_NAMES]?: RouteNames } | undefined;
  const handler = context.getHandler()?.name;
  const ours = controller?.[ROUTE_NAMES];
  return ours === undefined ? `${controller?.name}.${handler}` : (ours[handler] ?? handler);
}
