import type { HttpServer } from '@nestjs/common';
import type { Edge } from './edge.js';
import { expressEdge } from './express-edge.js';
import { fastifyEdge } from './fastify-edge.js';

/** Null for any other adapter: there, only requests that reach a controller get the module's headers and errors. */
export function edgeOf(adapter: HttpServer | undefined): Edge | null {
  return [expressEdge, fastifyEdge].find(({ type }) => type === adapter?.getType()) ?? null;
}
