import type { ServerResponse } from 'node:http';
import type { HttpServer } from '@nestjs/common';
import type { HttpRequest } from '../access/http-request.js';
import type { Edge, EdgeRules } from './edge.js';

type Request = HttpRequest & { originalUrl: string };
type Next = (error?: unknown) => void;

/** Express has one list of handlers, which every request passes. */
export const expressEdge: Edge = {
  type: 'express',

  beforeRoutes(adapter: HttpServer, rules: EdgeRules): void {
    adapter.use((request: Request, response: object, next: Next) => {
      if (rules.routes.has(request.originalUrl)) noStore(adapter, response);
      next();
    });
  },

  beforeErrorHandler(adapter: HttpServer, rules: EdgeRules): void {
    const express = adapter.getInstance() as { use(handler: unknown): void };
    // Express recognizes an error handler by its four parameters.
    express.use((error: unknown, request: Request, response: object, next: Next) => {
      if (!rules.routes.has(request.originalUrl)) return next(error);
      noStore(adapter, response);
      return next(rules.refused(error, request, response, request.originalUrl));
    });
  },

  removeHeader(response: ServerResponse, name: string): boolean {
    if (response.headersSent) return false;
    response.removeHeader(name);
    return true;
  },
};

function noStore(adapter: HttpServer, response: object): void {
  adapter.setHeader!(response, 'Cache-Control', 'no-store');
}
