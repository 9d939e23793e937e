import type { HttpServer } from '@nestjs/common';
import type { HttpRequest } from '../access/http-request.js';

/** What the module does on its routes before or after a router. */
export interface EdgeRules {
  /** Says of a URL, or of the path of a route, whether it is one of the module's. */
  readonly routes: { has(url: string): boolean };
  /** The error to send in place of one that occurred outside a controller. */
  refused(error: unknown, request: HttpRequest, url: string): unknown;
}

/** How a framework lets the module do that. All that differs between Express and Fastify is in their edges. */
export interface Edge {
  /** The adapter that it is for, as `getType()` says. */
  readonly type: string;
  /** To be called when the body parsers are registered, and the routes are not. */
  beforeRoutes(adapter: HttpServer, rules: EdgeRules): void;
  /** To be called when the routes are registered, and Nest's error handler is not. */
  beforeErrorHandler(adapter: HttpServer, rules: EdgeRules): void;
}
