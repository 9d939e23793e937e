import type { HttpServer } from '@nestjs/common';
import type { HttpRequest } from '../access/http-request.js';

/** What the module does on its routes before or after a router. */
export interface EdgeRules {
  /** Whether a URL, or the path of a route, is one of the module's. */
  readonly routes: { has(url: string): boolean };
  /** The error to send in place of one that occurred outside a controller. The response gets its headers. */
  refused(error: unknown, request: HttpRequest, response: object, url: string): unknown;
}

/** How a framework lets the module do that. Everything that differs between Express and Fastify is in their edges. */
export interface Edge {
  /** The adapter's `getType()`. */
  readonly type: string;
  /** Call it after the body parsers are registered and before the routes are. */
  beforeRoutes(adapter: HttpServer, rules: EdgeRules): void;
  /** Call it after the routes are registered and before Nest's error handler is. */
  beforeErrorHandler(adapter: HttpServer, rules: EdgeRules): void;
  /** Takes a header out of a response; false if that has been sent. */
  removeHeader(response: object, name: string): boolean;
}
