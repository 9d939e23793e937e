import { build } from 'esbuild';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startTestApp, type TestApp, type TestAppOptions } from '../harness/test-app.js';
import { sqliteKind } from '../harness/databases.js';

type Next = () => void;
type Trouble = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

export interface SiteOptions extends Partial<TestAppOptions> {
  /** The script of the page; by default only the client. */
  script?: string;
}

export interface HeldResponses {
  /** Resolves when the first response is held. */
  held: () => Promise<void>;
  release: () => void;
  /** Ends the connections without a response. */
  lose: () => void;
}

/** The test app with a page that has the client, and switches for faults of the network. */
export interface Site extends TestApp {
  /** Paths of the requests that reached the server, in order. */
  requests: string[];
  /** How many refreshes reached the server since the last call. */
  refreshes(): number;
  /** Replaces the handler of a path, until the returned function is called. */
  trouble(path: string, trouble: Trouble): () => void;
  /** The server handles requests to a path, and holds all or the first few responses until they are released. */
  holdResponses(path: string, count?: number): HeldResponses;
  /** The server handles the next request to a path, but the connection ends without the response. */
  loseResponse(path: string): void;
}

const HTML =
  '<!doctype html><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

export async function startSite({ script: given, ...options }: SiteOptions = {}): Promise<Site> {
  const script = given ?? (await bundledPage());
  const troubles = new Map<string, Trouble>();
  const requests: string[] = [];
  let counted = 0;

  const middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => {
    const path = request.url!.split('?')[0]!;
    if (path === '/page') {
      response.setHeader('content-type', 'text/html').end(HTML);
      return;
    }
    if (path === '/page.js') {
      response.setHeader('content-type', 'text/javascript').end(script);
      return;
    }
    requests.push(path);
    const trouble = troubles.get(path);
    if (trouble) trouble(request, response, next);
    else next();
  };

  const app = await startTestApp({
    database: sqliteKind,
    prepare: (nest) => nest.use(middleware),
    ...options,
  });

  const trouble = (path: string, what: Trouble) => {
    troubles.set(path, what);
    return () => void troubles.delete(path);
  };

  return Object.assign(app, {
    requests,
    refreshes() {
      const all = requests.filter((path) => path === '/auth/refresh').length;
      const fresh = all - counted;
      counted = all;
      return fresh;
    },
    trouble,
    holdResponses(path: string, count = Infinity) {
      const held: { respond: () => void; request: IncomingMessage }[] = [];
      let reportFirst: () => void;
      const first = new Promise<void>((resolve) => {
        reportFirst = resolve;
      });
      let seen = 0;
      const stop = trouble(path, (request, response, next) => {
        if ((seen += 1) >= count) stop();
        const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
        response.end = ((...args: unknown[]) => {
          held.push({ respond: () => end(...args), request });
          reportFirst();
          return response;
        }) as typeof response.end;
        next();
      });
      return {
        held: () => first,
        release() {
          stop();
          for (const { respond } of held) respond();
        },
        lose() {
          stop();
          for (const { request } of held) request.socket.destroy();
        },
      };
    },
    loseResponse(path: string) {
      const stop = trouble(path, (request, response, next) => {
        stop();
        response.end = (() => {
          request.socket.destroy();
          return response;
        }) as typeof response.end;
        next();
      });
    },
  });
}

/** A server of another origin, which allows every page and records its requests. */
export async function startStranger(): Promise<{
  url: string;
  seen: IncomingMessage['headers'][];
  close: () => void;
}> {
  const seen: IncomingMessage['headers'][] = [];
  const server: Server = createServer((request, response) => {
    if (request.method !== 'OPTIONS') seen.push(request.headers);
    response
      .setHeader('access-control-allow-origin', request.headers.origin ?? '*')
      .setHeader('access-control-allow-headers', 'authorization, content-type')
      .end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bundledPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]!.text;
}
