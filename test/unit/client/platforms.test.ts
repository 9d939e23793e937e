import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const run = promisify(execFile);

/** Features that React Native, older browsers or insecure pages lack; removed before the client is created. */
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

const throwing = `() => { throw new Error('SecurityError'); }`;
const getter = (name: string, of = 'globalThis') =>
  `Object.defineProperty(${of}, '${name}', { configurable: true, get: ${throwing} })`;
const page = `globalThis.document = { location: { href: 'https://app.example/' } }`;
const locks = (request: string) =>
  `Object.defineProperty(globalThis, 'navigator', { value: { locks: { request: ${request} } } })`;
const channel = (members: string) => `globalThis.BroadcastChannel = class { ${members} }`;

/** Features that exist but don't work: in sandboxed frames, opaque origins, privacy modes, incomplete polyfills. */
const BROKEN = {
  'a BroadcastChannel that can’t be made': channel(`constructor() { (${throwing})(); }`),
  'a BroadcastChannel that sends nothing': channel(
    `addEventListener() {} close() {} postMessage() { (${throwing})(); }`,
  ),
  'a BroadcastChannel that can’t be heard': channel(
    `addEventListener() { (${throwing})(); } close() {} postMessage() {}`,
  ),
  'a BroadcastChannel that is none': 'globalThis.BroadcastChannel = null',
  'a BroadcastChannel that throws when it is read': getter('BroadcastChannel'),
  'a navigator that throws when it is read': getter('navigator'),
  'a navigator.locks that throws when it is read': `
    Object.defineProperty(globalThis, 'navigator', { value: {} }); ${getter('locks', 'navigator')}`,
  'locks that throw': locks(throwing),
  'locks that reject': locks(`async () => { (${throwing})(); }`),
  'locks that never give one, and say so': locks('async () => {}'),
  'locks without a request': locks('undefined'),
  'locks that give one, and then throw': locks(
    `(name, options, task) => { task(); (${throwing})(); }`,
  ),
  'an addEventListener that throws': `globalThis.addEventListener = ${throwing}`,
  'an addEventListener that takes no options': `
    globalThis.addEventListener = (type, listener, options) => { if (options) (${throwing})(); };
    globalThis.removeEventListener = () => {}`,
  'a performance without now': 'Object.defineProperty(globalThis, "performance", { value: {} })',
  'a performance that throws': `Object.defineProperty(globalThis, "performance", { value: { now: ${throwing} } })`,
  'a performance that throws when it is read': getter('performance'),
  'a localStorage that throws when it is read': getter('localStorage'),
  'a document that throws when it is read': getter('document'),
  'a document without a place': 'globalThis.document = {}',
  'an atob that throws': `globalThis.atob = ${throwing}`,
  'a crypto that throws when it is read': getter('crypto'),
};

/** Node's own fetch needs some of these features; this one needs none. */
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

describe('on a platform with', () => {
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
      // It never responds to this one.
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

  /** Login, a request that needs a refresh, one that is aborted, logout: the results of each. */
  async function lived(lacking: string): Promise<string> {
    const script = `
      new Headers(); // Node loads it when it is first used, with what else it needs.
      ${lacking};
      ${PLAIN_FETCH};
      ${bundle}
      const results = [];
      const auth = createAuthClient({ baseUrl: '${baseUrl}', share: true, background: true, fetch: plainFetch });
      auth.subscribe(({ status }) => results.push(status));
      await auth.login({});
      results.push((await auth.fetch('/api')).status);
      const stop = new AbortController();
      const nameOf = (error) => error instanceof Error || error?.constructor.name === 'DOMException' ? error.name : 'no error';
      const aborted = auth.fetch('/api', { signal: stop.signal }).catch(nameOf);
      stop.abort();
      results.push(await aborted);
      const slow = createAuthClient({ baseUrl: '${baseUrl}/slow', timeoutMs: 100, fetch: plainFetch });
      await slow.getToken().catch(({ name, code }) => results.push(name, code));
      await auth.logout();
      results.push(await auth.getToken());
      auth.dispose();
      slow.dispose();
      console.log(results.join(' '));
      process.exit();`;
    const keepAlive = 'const alive = setInterval(() => {}, 1000);';
    const args = ['--input-type=module', '-e', keepAlive + script];
    return (await run(process.execPath, args, { timeout: 50_000 })).stdout.trim();
  }

  const ALL = 'authenticated authenticated 200 AbortError AuthClientError unreachable anonymous ';

  it.each([
    ['thing missing', ''],
    ...Object.entries(LACKING),
    ['such thing at all', Object.values(LACKING).join(';')],
  ])('no %s, the client works', async (_what, lacking) => {
    expect(`${await lived(lacking)} `).toBe(ALL);
  });

  it.each(Object.entries(BROKEN))('%s, the client works', async (_what, broken) => {
    expect(`${await lived(broken)} `).toBe(ALL);
    expect(`${await lived(`${page}; ${broken}`)} `).toBe(ALL);
  });
});
