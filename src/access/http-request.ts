import { nodeRequest } from './node-request.js';

interface Peer {
  readonly remoteAddress?: string;
}

/** What this module reads of a request, on Express and Fastify alike. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method?: string;
  readonly ip?: string;
  /** Set by cookie-parser or @fastify/cookie. */
  readonly cookies?: Readonly<Record<string, unknown>>;
  /** Node's own list of names and values, including the duplicates that `headers` drops. */
  readonly rawHeaders?: readonly string[];
  /** Fastify keeps Node's request here. */
  readonly raw?: { readonly rawHeaders?: readonly string[]; readonly socket?: Peer };
  readonly socket?: Peer;
}

export function header(request: HttpRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** How often a header was sent. Of several `Authorization` headers, Node keeps only the first in `headers`. */
export function timesSent(request: HttpRequest, name: string): number {
  const raw = request.rawHeaders ?? nodeRequest(request).rawHeaders ?? [];
  let times = 0;
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]!.length === name.length && raw[i]!.toLowerCase() === name) times += 1;
  }
  return times;
}
