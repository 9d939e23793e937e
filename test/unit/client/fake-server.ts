import type { Fetch } from '../../../src/client/auth-client.js';

export interface Sent {
  method: string;
  url: string;
  /** Of the Authorization header, without `Bearer`. */
  token: string | null;
  headers: Headers;
  body: string;
  init: RequestInit;
}

type Handler = (request: Sent) => Response | Promise<Response>;

/** Replaces the network: every request is recorded, and the handler of its path makes the response. */
export class FakeServer {
  readonly sent: Sent[] = [];
  readonly #handlers = new Map<string, Handler>();
  #tokens = 0;
  /** Access tokens that guarded routes accept. */
  readonly valid = new Set<string>();
  expiresIn = 900;

  constructor() {
    this.on('/auth/refresh', () => this.issue());
    this.on('/auth/login', () => this.issue());
    this.on('/auth/register', () => this.issue(201));
    this.on('/auth/logout', () => new Response(null, { status: 204 }));
    this.on('/auth/logout-all', ({ token }) =>
      this.valid.has(token ?? '') ? new Response(null, { status: 204 }) : refusal('token_expired'),
    );
    this.on('/api', ({ token }) =>
      this.valid.has(token ?? '')
        ? Response.json({ token })
        : refusal(token === null ? 'token_missing' : 'token_expired'),
    );
  }

  on(path: string, handler: Handler): void {
    this.#handlers.set(path, handler);
  }

  /** A new access token; the earlier ones stay valid. */
  issue(status = 200): Response {
    const accessToken = `token${(this.#tokens += 1)}`;
    this.valid.add(accessToken);
    return Response.json(
      { accessToken, tokenType: 'Bearer', expiresIn: this.expiresIn },
      { status },
    );
  }

  /** How many requests a path received. */
  count(path: string): number {
    return this.sent.filter(({ url }) => new URL(url).pathname === path).length;
  }

  get refreshes(): number {
    return this.count('/auth/refresh');
  }

  readonly fetch: Fetch = async (input, init) => {
    const request = new Request(input, init as RequestInit & { duplex: 'half' });
    const { method, url, headers } = request;
    const body = await request.text();
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? null;
    const sent: Sent = { method, url, token, headers, body, init: init ?? {} };
    this.sent.push(sent);
    const handler = this.#handlers.get(new URL(url).pathname);
    if (!handler) return new Response('Not found', { status: 404 });
    return aborting(Promise.resolve(handler(sent)), request.signal);
  };
}

export function refusal(
  code: string,
  status = 401,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { statusCode: status, message: `It was ${code}.`, code },
    { status, headers },
  );
}

export function offline(): Promise<never> {
  return Promise.reject(new TypeError('fetch failed'));
}

/** A promise that the test settles. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function aborting<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject);
  });
}
