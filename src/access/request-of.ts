import type { ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from './http-request.js';

/**
 * The HTTP request that a handler belongs to: of a controller, or of a GraphQL resolver (its context's `req`). In other
 * transports it is an object with only the `headers` of the message or the client, if there are any.
 */
export function requestOf(context: ExecutionContext): HttpRequest {
  const type = context.getType<string>();
  const found: unknown =
    type === 'graphql'
      ? context.getArgByIndex<{ req?: unknown } | undefined>(2)?.req
      : firstArgument(context);
  const headers = headersOf(found);
  if (headers === null) return { headers: {} };
  return type === 'graphql' || type === 'http' ? (found as HttpRequest) : { headers };
}

/** Faster than Nest's `switchToHttp()`, which is called only where an app's tests have a context without the other. */
export function firstArgument(context: ExecutionContext): unknown {
  return context.getArgByIndex?.(0) ?? context.switchToHttp().getRequest();
}

function headersOf(request: unknown): HttpRequest['headers'] | null {
  const headers = (request as { headers?: unknown } | null | undefined)?.headers;
  return typeof headers === 'object' ? (headers as HttpRequest['headers'] | null) : null;
}
