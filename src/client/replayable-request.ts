import type { Fetch, FetchInput } from './auth-client.js';

/** A request as the caller gave it, to be sent with one token, and perhaps again with another. */
export interface ReplayableRequest {
  readonly signal: AbortSignal | null | undefined;
  /** Whether it goes where tokens may go, and the caller set no Authorization header of its own. */
  readonly wantsToken: boolean;
  /** Its body is a stream, which is gone once it was sent. */
  readonly isOneShot: boolean;
  send(token?: string): Promise<Response>;
}

/** What can be iterated only once, in Node as well: an async iterable there is a body. */
type Streaming = { getReader?: unknown; [Symbol.asyncIterator]?: unknown } | null | undefined;

/** A `Request` is cloned for each sending. URL and options go on as they are, since any `fetch` understands those. */
export function replayableRequest(
  input: FetchInput,
  init: RequestInit | undefined,
  base: string,
  origins: readonly string[],
  fetch: Fetch,
): ReplayableRequest {
  const request = (input as Request).clone ? new Request(input, init) : undefined;
  const url = new URL(request?.url ?? (input as string | URL), base);
  const options = request ?? { ...init, headers: new Headers(init?.headers) };
  const { headers, signal } = options;
  const body = options.body as Streaming;
  return {
    signal,
    wantsToken: origins.includes(url.origin) && !headers.has('authorization'),
    isOneShot: !request && !!(body?.getReader ?? body?.[Symbol.asyncIterator]),
    send(token) {
      if (token) headers.set('authorization', `Bearer ${token}`);
      return request ? fetch(request.clone()) : fetch(url.href, options);
    },
  };
}
