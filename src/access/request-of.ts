import type { ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from './http-request.js';

/** The HTTP request behind a handler: of a controller, or of a GraphQL resolver (its context's `req`). */
export function requestOf(context: ExecutionContext): HttpRequest {
  return context.getType<string>() === 'graphql'
    ? context.getArgByIndex<{ req: HttpRequest }>(2).req
    : context.switchToHttp().getRequest<HttpRequest>();
}
