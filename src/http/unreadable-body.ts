import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { clientOf } from '../access/client-of.js';
import type { HttpRequest } from '../access/http-request.js';
import { AuthError } from '../errors/auth-error.js';
import { Refusals } from '../events/refusals.js';
import { AuthRouteMatcher } from './auth-route-matcher.js';
import { forgetEmptyBody } from './request-body.js';

type Next = (error?: unknown) => void;
interface FastifyRoute {
  url: string;
  preParsing?: unknown;
  errorHandler?: (error: unknown, request: HttpRequest & { raw?: { url?: string } }) => never;
}

/**
 * A body that can't be parsed fails before any controller, where Nest's answer has no `code`.
 * This gives it ours, on our own routes only: Express is asked between its parser and Nest's error handler,
 * Fastify route by route.
 */
@Injectable()
export class UnreadableBody implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(AuthRouteMatcher) private readonly routes: AuthRouteMatcher,
    @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  /** To be called before the routes are registered. */
  beforeRoutes(): void {
    const adapter = this.adapterHost.httpAdapter;
    if (adapter?.getType() !== 'fastify') return;
    const fastify = adapter.getInstance<{
      addHook(on: string, hook: (r: FastifyRoute) => void): void;
    }>();
    fastify.addHook('onRoute', (route) => {
      if (!this.routes.has(route.url)) return;
      route.errorHandler = (error, request) => {
        throw this.#refused(error, request, request.raw?.url);
      };
      route.preParsing = [forgetEmptyBody, route.preParsing ?? []].flat();
    });
  }

  /** Called after the body parser was registered, and before Nest's error handler is. */
  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    if (adapter?.getType() !== 'express') return;
    const express = adapter.getInstance<{ use(handler: unknown): void }>();
    express.use(
      (
        error: unknown,
        request: HttpRequest & { originalUrl: string },
        response: object,
        next: Next,
      ) => {
        if (!this.routes.has(request.originalUrl)) return next(error);
        adapter.setHeader(response, 'Cache-Control', 'no-store');
        return next(this.#refused(error, request, request.originalUrl));
      },
    );
  }

  #refused(error: unknown, request: HttpRequest, url = ''): unknown {
    const refusal = translated(error);
    const where = this.routes.nameOf(url, request.method);
    this.refusals.report(refusal, { where, client: clientOf(request) });
    return refusal;
  }
}

/** A parser's complaint becomes `invalid_request`; everything else stays as it is. */
function translated(error: unknown): unknown {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  const isClientError = typeof status === 'number' && status >= 400 && status < 500;
  if (!isClientError || error instanceof AuthError) return error;
  return new AuthError('invalid_request', complaint(error, status));
}

function complaint(error: unknown, status: number): string {
  // Express decodes the path after the body parser: `/auth/sessions/%`.
  if (error instanceof URIError) return 'The path can not be read: encode what is after the slash.';
  return status === 413
    ? 'The body is too large.'
    : 'The body can not be read: send JSON with Content-Type: application/json.';
}
