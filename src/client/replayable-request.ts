import type { Fetch, FetchInput } from './auth-client.js';

/** A request that can be sent with one token and, if needed, again with another. */
export interface ReplayableRequest {
  readonly signal: AbortSignal | null | undefined;
  /** Whether its origin may receive tokens and the caller set no Authorization header. */
  readonly wantsToken: boolean;
  /** Its body is a stream, which can be read only once. */
  readonly isOneShot: boolean;
  send(token?: string): Promise<Response>;
}

/** A body that can be read only once. Node also takes an async iterable as a body. */
type Streaming = { getReader?: unknown; [Symbol.asyncIterator]?: unknown } | null | undefined;

/** Makes a request that is sent by `fetch`. */
export type CreateRequest = (input: FetchInput, init?: RequestInit) => ReplayableRequest;

/**
 * Clones a `Request` for each sending. A URL and its options are passed on unchanged: any `fetch` understands those.
 * @param base of relative URLs
 * @param origins that may receive tokens
 */
export const createRequests =
  (base: string, origins: readonly string[], fetch: Fetch): CreateRequest =>
  (input, init) => {
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
  };
