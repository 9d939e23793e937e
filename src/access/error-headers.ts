import type { ExecutionContext, HttpServer } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { AuthError } from '../errors/auth-error.js';

/** Carries the code where an app's exception filter replaces the body. */
const ERROR_CODE = 'Auth-Error-Code';

/**
 * The headers of an error's response: `Auth-Error-Code`, with a 401 `WWW-Authenticate`, with a 429 or 503 `Retry-After`.
 */
export function errorHeaders(error: AuthError): [name: string, value: string][] {
  const headers: [string, string][] = [[ERROR_CODE, error.code]];
  const challenge = challengeFor(error);
  if (challenge !== null) headers.push(['WWW-Authenticate', challenge]);
  if (error.retryAfter !== undefined) headers.push(['Retry-After', String(error.retryAfter)]);
  return headers;
}

/** Sets them on a response, if the error is one of the module. */
export function setErrorHeaders(
  error: unknown,
  response: unknown,
  adapter: HttpServer | undefined,
): void {
  if (!(error instanceof AuthError)) return;
  for (const [name, value] of errorHeaders(error)) adapter?.setHeader?.(response, name, value);
}

/** Sets them on the response of a guarded route. Other transports have no response to set them on. */
export function writeErrorHeaders(
  refusal: unknown,
  context: ExecutionContext,
  adapterHost: HttpAdapterHost | undefined,
): void {
  if (context.getType<string>() !== 'http') return;
  setErrorHeaders(refusal, context.switchToHttp().getResponse(), adapterHost?.httpAdapter);
}

/** What an `error_description` may consist of: RFC 6750 §3. A message of the app's own may be in another language. */
const DESCRIPTION = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;

function description(message: string): string {
  return DESCRIPTION.test(message) ? `, error_description="${message}"` : '';
}

/** RFC 6750 §3: only `Bearer` if no token was sent, `error="invalid_token"` if a bad one was. */
function challengeFor(error: AuthError): string | null {
  if (error.getStatus() !== 401) return null;
  switch (error.code) {
    case 'token_invalid':
    case 'token_expired':
    case 'session_revoked':
      return `Bearer error="invalid_token"${description(error.message)}`;
    default:
      return 'Bearer';
  }
}
