import type { ExecutionContext, Type } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { HttpRequest } from '../../../src/access/http-request.js';

export type TestRequest = Omit<HttpRequest, 'headers'> & {
  headers: Record<string, string>;
  user?: unknown;
};

/** The properties that a server's request has, and the parsed content of a message has not. */
const serverRequest = Object.create(null) as object;

/** The context that Nest gives to a guard: a request on its way to a controller's method. */
export function contextOf(
  controller: Type,
  method: string,
  request: TestRequest,
  type = 'http',
): ExecutionContext {
  const handler = controller.prototype[method];
  if (type === 'http' || type === 'graphql') Object.setPrototypeOf(request, serverRequest);
  const args =
    type === 'graphql' ? [{}, {}, { req: request }, {}] : [request, { isResponse: true }];
  const context = new ExecutionContextHost(args, controller, handler);
  context.setType(type);
  return context;
}

export const requestWithoutToken = (): TestRequest => ({ headers: {} });
