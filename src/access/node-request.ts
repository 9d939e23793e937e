import type { HttpRequest } from './http-request.js';

/** What this module reads of Node's own request. */
export interface NodeRequest {
  readonly url?: string;
  readonly rawHeaders?: readonly string[];
  readonly socket?: { readonly remoteAddress?: string };
  readonly httpVersionMajor?: number;
  /** HTTP/2 only. */
  readonly stream?: { readonly endAfterHeaders?: boolean };
}

/** Express extends Node's request, Fastify wraps it. */
export function nodeRequest(request: HttpRequest): NodeRequest {
  return request.raw ?? (request as NodeRequest);
}
