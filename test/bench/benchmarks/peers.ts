import { existsSync } from 'node:fs';
import { databaseKinds } from '../../harness/databases.js';
import type { Benchmark } from '../bench.js';
import { ServerProcess } from '../server-process.js';
import { sideBySide, type Side } from '../side-by-side.js';

const CONNECTIONS = 40;
/** Beside the sources, where they have their own packages. */
const PEERS = '../../../test/bench/peers';

const postgres = databaseKinds.find(({ name }) => name === 'PostgreSQL');

interface Peer {
  name: string;
  of: string;
  program: string;
  path: string;
  environment?: Record<string, string>;
  isOnPostgres?: boolean;
}

const all: Peer[] = [
  {
    name: 'verify_vs_better_auth',
    of: 'GET /auth/me ÷ better-auth’s GET /api/auth/get-session (its own handler, SQLite)',
    program: 'better-auth',
    path: '/api/auth/get-session',
  },
  {
    name: 'verify_vs_better_auth_cookie_cache',
    of: 'the same with its cookie cache on',
    program: 'better-auth',
    path: '/api/auth/get-session',
    environment: { COOKIE_CACHE: 'on' },
  },
  {
    name: 'verify_vs_express_session',
    of: 'GET /auth/me ÷ a route that reads express-session’s session (connect-pg-simple, PostgreSQL)',
    program: 'express-session',
    path: '/me',
    isOnPostgres: true,
  },
];

/** “Who is logged in?”, requested from this package and from others. A thousand users take turns. */
export const peers: Benchmark[] = all
  .filter(({ isOnPostgres }) => !isOnPostgres || postgres !== undefined)
  .map(({ name, of, program, path, environment = {}, isOnPostgres }) => ({
    name,
    async run({ generator, effort, report }) {
      if (!existsSync(new URL(`../${PEERS}/node_modules`, import.meta.url))) {
        throw new Error('Install what is compared with first: npm ci --prefix test/bench/peers');
      }
      const database = isOnPostgres ? await postgres!.create() : null;
      const url: Record<string, string> = database === null ? {} : { DATABASE_URL: database.url };
      const ours = await ServerProcess.start('servers/ours', url);
      const peer = await ServerProcess.start(`${PEERS}/${program}`, { ...environment, ...url });
      const common = { method: 'GET', connections: CONNECTIONS, keepsCookie: false } as const;
      const sides: Record<'ours' | 'other', Side> = {
        ours: {
          ...common,
          server: ours,
          path: '/auth/me',
          requestOf: (token) => ({ headers: { authorization: `Bearer ${token}` } }),
        },
        other: { ...common, server: peer, path, requestOf: (cookie) => ({ headers: { cookie } }) },
      };
      report(await sideBySide({ name, of, unit: 'requests/s' }, sides, generator, effort));
      await Promise.all([ours.close(), peer.close()]);
      await database?.drop();
    },
  }));
