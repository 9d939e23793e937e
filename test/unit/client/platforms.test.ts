import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const run = promisify(execFile);

/** What React Native, older browsers and insecure pages lack, one or the other: gone before the client is there. */
const LACKING = {
  'AbortSignal.timeout': 'delete AbortSignal.timeout',
  'AbortSignal.any': 'delete AbortSignal.any',
  'signal.reason': 'Object.defineProperty(AbortSignal.prototype, "reason", { value: undefined })',
  'signal.throwIfAborted': 'delete AbortSignal.prototype.throwIfAborted',
  BroadcastChannel: 'delete globalThis.BroadcastChannel',
  navigator: 'delete globalThis.navigator',
  performance: 'delete globalThis.performance',
  queueMicrotask: 'delete globalThis.queueMicrotask',
  structuredClone: 'delete globalThis.structuredClone',
  crypto: 'delete globalThis.crypto',
  DOMException: 'delete globalThis.DOMException',
  atob: 'delete globalThis.atob',
  TextEncoder: 'delete globalThis.TextEncoder; delete globalThis.TextDecoder',
  'timers that can be unref’d': `
    const { setTimeout: set } = globalThis;
    globalThis.setTimeout = (...given) => Number(set(...given).unref())`,
  addEventListener: 'delete globalThis.addEventListener',
};

/** Node's own needs some of it, so this one needs nothing. */
const PLAIN_FETCH = `
  import { request } from 'node:http';
  const plainFetch = (url, init = {}) => new Promise((resolve, reject) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const sent = request(String(url), { method: init.method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => {
        const status = response.statusCode;
        const answer = { ok: status < 400, status, headers: new Headers(), json: async () => JSON.parse(body) };
        resolve({ ...answer, clone: () => answer });
      });
    });
    init.signal?.addEventListener('abort', () => { sent.destroy(); reject(new Error('gone')); });
    sent.on('error', reject);
    sent.end(init.body);
  })`;

describe('where there is no', () => {
  let server: Server;
  let baseUrl: string;
  let bundle: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../../../src/client/index.ts', import.meta.url))],
      bundle: true,
      format: 'esm',
      write: false,
    });
    bundle = outputFiles[0]!.text;
    server = createServer((request, response) => {
      // It never answers this one.
      if (request.url === '/slow/auth/refresh') return;
      const token = request.url === '/auth/login' ? 'first' : 'second';
      const isRefused = request.url === '/api' && request.headers.authorization !== 'Bearer second';
      response.statusCode = isRefused ? 401 : 200;
      const body = isRefused ? { code: 'token_expired' } : { accessToken: token, expiresIn: 900 };
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Login, a request that needs a refresh, one that is given up, logout: what of it worked. */
  async function lived(lacking: string): Promise<string> {
    const script = `
      new Headers(); // Node loads it when it is first used, with what else it needs.
      ${lacking};
      ${PLAIN_FETCH};
      ${bundle}
      const said = [];
      const auth = createAuthClient({ baseUrl: '${baseUrl}', share: true, background: true, fetch: plainFetch });
      auth.subscribe(({ status }) => said.push(status));
      await auth.login({});
      said.push((await auth.fetch('/api')).status);
      const stop = new AbortController();
      const aborted = auth.fetch('/api', { signal: stop.signal }).catch(() => 'aborted');
      stop.abort();
      said.push(await aborted);
      const slow = createAuthClient({ baseUrl: '${baseUrl}/slow', timeoutMs: 100, fetch: plainFetch });
      await slow.getToken().catch(({ name, code }) => said.push(name, code));
      await auth.logout();
      said.push(await auth.getToken());
      auth.dispose();
      slow.dispose();
      console.log(said.join(' '));
      process.exit();`;
    const keepAlive = 'const alive = setInterval(() => {}, 1000);';
    const args = ['--input-type=module', '-e', keepAlive + script];
    return (await run(process.execPath, args, { timeout: 50_000 })).stdout.trim();
  }

  const ALL = 'authenticated authenticated 200 aborted AuthClientError unreachable anonymous ';

  it.each([
    ['thing missing', ''],
    ...Object.entries(LACKING),
    ['such thing at all', Object.values(LACKING).join(';')],
  ])('%s, the client works', async (_what, lacking) => {
    expect(`${await lived(lacking)} `).toBe(ALL);
  });
});
