import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpServer } from '@nestjs/common';
import { isSafeMethod } from '../access/cross-site.js';
import type { HttpRequest } from '../access/http-request.js';
import { nodeRequest } from '../access/node-request.js';
import type { Edge, EdgeRules } from './edge.js';
import { hasBody, isOpen, rememberEmpty } from './request-body.js';

interface Route {
  url: string;
  onRequest?: unknown;
  preParsing?: unknown;
  errorHandler?: (error: unknown, request: HttpRequest, reply: Reply) => never;
}
interface Reply {
  header(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
  raw: ServerResponse;
}

/** Fastify has hooks for each route, and one for when a route is registered. */
export const fastifyEdge: Edge = {
  type: 'fastify',

  beforeRoutes(adapter: HttpServer, rules: EdgeRules): void {
    const fastify = adapter.getInstance() as {
      addHook(on: string, hook: (route: Route) => void): void;
    };
    fastify.addHook('onRoute', (route) => {
      if (!rules.routes.has(route.url)) return;
      route.onRequest = [setNoStore, route.onRequest ?? []].flat();
      route.preParsing = [forgetEmptyBody, route.preParsing ?? []].flat();
      route.errorHandler = (error, request, reply) => {
        throw rules.refused(error, request, reply, nodeRequest(request).url ?? '');
      };
    });
  },

  /** Nothing: each route has its own error handler. */
  beforeErrorHandler(): void {},

  /** Nest writes cookies to the reply and to the raw response. */
  removeHeader(reply: Reply, name: string): boolean {
    if (reply.raw.headersSent) return false;
    reply.removeHeader(name);
    reply.raw.removeHeader(name);
    return true;
  },
};

function setNoStore(_request: unknown, reply: Reply, done: () => void): void {
  reply.header('Cache-Control', 'no-store');
  done();
}

/**
 * A `preParsing` hook. Fastify refuses a JSON content type without a body, which clients send by habit: this removes it.
 * Where only the stream knows whether there is a body, the hook waits until it begins or ends.
 */
function forgetEmptyBody(
  request: HttpRequest & { headers: Record<string, unknown> },
  _reply: unknown,
  payload: Readable,
  done: (error: null, payload: Readable) => void,
): void {
  if (isSafeMethod(request.method) || !isOpen(request)) {
    if (!hasBody(request)) delete request.headers['content-type'];
    return done(null, payload);
  }
  const decide = (isEmpty: boolean) => {
    payload.off('readable', check).off('end', end);
    if (isEmpty) {
      rememberEmpty(request);
      delete request.headers['content-type'];
      delete request.headers['transfer-encoding'];
    }
    done(null, payload);
  };
  const end = () => decide(true);
  const check = () => {
    const chunk: unknown = payload.read();
    if (chunk === null) return;
    payload.unshift(chunk);
    decide(false);
  };
  payload.on('readable', check).on('end', end);
}
