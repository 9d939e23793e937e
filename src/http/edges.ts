import type { HttpServer } from '@nestjs/common';
import type { Edge } from './edge.js';
import { expressEdge } from './express-edge.js';
import { fastifyEdge } from './fastify-edge.js';

/** Null for an adapter of another kind: there, only what reaches a controller has the module's headers and errors. */
export function edgeOf(adapter: HttpServer | undefined): Edge | null {
  return [expressEdge, fastifyEdge].find(({ type }) => type === adapter?.getType()) ?? null;
}
