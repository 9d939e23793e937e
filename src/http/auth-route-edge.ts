import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { setErrorHeaders } from '../access/error-headers.js';
import type { HttpRequest } from '../access/http-request.js';
import { AuthError } from '../errors/auth-error.js';
import { clientOf } from '../events/client-info.js';
import { Refusals } from '../events/refusals.js';
import { AuthRouteMatcher } from './auth-route-matcher.js';
import type { EdgeRules } from './edge.js';
import { edgeOf } from './edges.js';

/**
 * What the module does on its routes before and after the controller: no response may be cached, whichever part of the
 * app sends it (RFC 6749 §5.1), and a request that can't be read gets an error with a `code`, which Nest's has not.
 */
@Injectable()
export class AuthRouteEdge implements EdgeRules, OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(AuthRouteMatcher) readonly routes: AuthRouteMatcher,
    @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  /** To be called before the routes are registered. */
  beforeRoutes(): void {
    const adapter = this.adapterHost.httpAdapter;
    edgeOf(adapter)?.beforeRoutes(adapter, this);
  }

  /** Nest calls this when the routes are registered, and its error handler is not. */
  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    edgeOf(adapter)?.beforeErrorHandler(adapter, this);
  }

  refused(error: unknown, request: HttpRequest, response: object, url: string): unknown {
    const refusal = refusalOf(error);
    setErrorHeaders(refusal, response, this.adapterHost.httpAdapter);
    const where = this.routes.nameOf(url, request.method);
    this.refusals.report(refusal, { where, client: clientOf(request) });
    return refusal;
  }
}

/** What Express's body parsers and Fastify call the bodies that they can't read. */
const BODY_TYPE = /^(?:entity|encoding|charset|request|parameters|stream)\./;
const BODY_CODE = /^(?:FST_ERR_CTP_|Z_)/;

/** A parser's error becomes `invalid_request`. Everything else stays: a rate limiter's 429, a CSRF middleware's 403. */
function refusalOf(error: unknown): unknown {
  if (!isOfParser(error)) return error;
  return new AuthError('invalid_request', sentenceOn(error, error.statusCode));
}

function isOfParser(error: unknown): error is { statusCode: number } {
  const { statusCode, type, code } = (error ?? {}) as Record<string, unknown>;
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return false;
  if (error instanceof SyntaxError || error instanceof URIError) return true;
  return BODY_TYPE.test(String(type)) || BODY_CODE.test(String(code));
}

function sentenceOn(error: unknown, status: number): string {
  // A router may decode the path after the body was parsed: `/auth/sessions/%`.
  if (error instanceof URIError) return 'The path can not be read: encode what is after the slash.';
  return status === 413
    ? 'The body is too large.'
    : 'The body can not be read: send JSON with Content-Type: application/json.';
}
