import type { Benchmark } from '../bench.js';
import { ServerProcess } from '../server-process.js';
import { sideBySide, type Side } from '../side-by-side.js';

const CONNECTIONS = 40;

interface Guarded {
  name: string;
  of: string;
  environment?: Record<string, string>;
  other?: 'bare' | 'docs-guard';
  /** The port of a second process of `ours`. */
  otherPath?: string;
  path?: string;
  carriedBy?: 'header' | 'cookie';
}

const GUARDED: Guarded[] = [
  {
    name: 'guard_vs_bare',
    of: 'guarded GET ÷ the same requests to the same route in a bare Nest app (Express, HS256)',
  },
  {
    name: 'guard_vs_bare_fastify',
    of: 'the same on Fastify',
    environment: { ADAPTER: 'fastify' },
  },
  {
    name: 'guard_vs_bare_es256',
    of: 'the same with ES256 (Express)',
    environment: { ALGORITHM: 'ES256' },
  },
  {
    name: 'guard_vs_bare_rs256',
    of: 'the same with RS256 (Express)',
    environment: { ALGORITHM: 'RS256' },
  },
  {
    name: 'guard_vs_bare_cookie',
    of: 'the same with the access token in its cookie (Express, HS256)',
    environment: { CREDENTIALS: 'access cookie' },
    carriedBy: 'cookie',
  },
  {
    name: 'guard_vs_bare_uncached',
    of: 'the same with accessToken.cache: false (Express, HS256)',
    environment: { CACHE: 'off' },
  },
  {
    name: 'open_vs_bare',
    of: 'a route that is not guarded, in an app with AuthModule ÷ in a bare one (Express)',
    path: '/open',
  },
  {
    name: 'guard_vs_open',
    of: 'guarded GET ÷ a route of the same app that is not guarded (Express, HS256)',
    otherPath: '/open',
  },
  {
    name: 'guard_vs_open_fastify',
    of: 'the same on Fastify',
    environment: { ADAPTER: 'fastify' },
    otherPath: '/open',
  },
  {
    name: 'guard_vs_docs_guard',
    of: 'guarded GET ÷ the guard of the Nest docs: Passport, string secret (Express)',
    other: 'docs-guard',
  },
];

/** The cost of a guard on a route. A thousand users take turns. */
export const guard: Benchmark[] = GUARDED.map(
  ({ name, of, environment = {}, other = 'bare', path, otherPath, carriedBy }) => ({
    name,
    async run({ generator, effort, report }) {
      const ours = await ServerProcess.start('servers/ours', environment);
      const program = otherPath === undefined ? other : 'ours';
      const peer = await ServerProcess.start(`servers/${program}`, environment);
      const { credentials } = ours.started;
      const sides = {
        ours: getting(ours, credentials, path, carriedBy),
        // The bare route receives the same requests, and doesn't read the tokens.
        other: getting(
          peer,
          other === 'bare' ? credentials : peer.started.credentials,
          otherPath ?? '/hello',
          carriedBy,
        ),
      };
      report(await sideBySide({ name, of, unit: 'requests/s' }, sides, generator, effort));
      await Promise.all([ours.close(), peer.close()]);
    },
  }),
);

function getting(
  server: ServerProcess,
  credentials: readonly string[],
  path = '/hello',
  carriedBy: 'header' | 'cookie' = 'header',
): Side {
  const carry = {
    header: (token: string) => ({ authorization: `Bearer ${token}` }),
    cookie: (token: string) => ({ cookie: `__Host-access_token=${token}` }),
  }[carriedBy];
  return {
    server,
    path,
    method: 'GET',
    credentials,
    requestOf: (token) => ({ headers: carry(token) }),
    connections: CONNECTIONS,
    keepsCookie: false,
  };
}
