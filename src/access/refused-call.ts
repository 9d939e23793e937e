import type { ExecutionContext } from '@nestjs/common';
import { UNKNOWN_CLIENT } from '../sessions/client-info.js';
import type { Refused } from '../sessions/refusals.js';
import { clientOf } from './client-of.js';
import type { HttpRequest } from './http-request.js';

/** What an event says of a call that a guard refused: which handler was meant, and where the call came from. */
export function refusedCall(context: ExecutionContext, request: HttpRequest): Refused {
  const isHttp = context.getType<string>() === 'http';
  return {
    where: `${context.getClass()?.name}.${context.getHandler()?.name}`,
    client: isHttp || request.ip !== undefined ? clientOf(request) : UNKNOWN_CLIENT,
  };
}
