import { databaseKinds, sqliteKind, type DatabaseKind } from '../../harness/databases.js';
import type { Benchmark, Bench } from '../bench.js';
import { ServerProcess } from '../server-process.js';
import { sideBySide, type Side } from '../side-by-side.js';
import { fillWithSessions } from '../many-sessions.js';

const CONNECTIONS = 20;
/** Each connection rotates its own session, with every request. */
const environment = { CREDENTIALS: 'refresh', LEEWAY: '0s' };

const COOKIES = {
  ours: '__Host-refresh_token',
  'driver-rotation': 'refresh_token',
  'hash-per-refresh': 'Refresh',
} as const;

async function refreshing(
  name: keyof typeof COOKIES,
  databaseUrl: string,
  { connections = CONNECTIONS, ...more }: { connections?: number; USERS_BY?: string } = {},
): Promise<{ server: ServerProcess; side: Side }> {
  const server = await ServerProcess.start(`servers/${name}`, {
    ...environment,
    ...more,
    USERS: String(connections),
    DATABASE_URL: databaseUrl,
  });
  const side: Side = {
    server,
    path: name === 'driver-rotation' ? '/refresh' : '/auth/refresh',
    method: 'POST',
    requestOf: (token) => ({ headers: { cookie: `${COOKIES[name]}=${token}` } }),
    connections,
    keepsCookie: true,
  };
  return { server, side };
}

const againstDriver = (kind: DatabaseKind, usersBy: 'app' | 'driver'): Benchmark => ({
  name: [
    'refresh_vs_driver',
    ...(kind.name === 'PostgreSQL' ? [] : [kind.name.toLowerCase()]),
    ...(usersBy === 'app' ? [] : ['same_users']),
  ].join('_'),
  async run({ generator, effort, report }: Bench) {
    const database = await kind.create();
    const ours = await refreshing('ours', database.url, { USERS_BY: usersBy });
    const driver = await refreshing('driver-rotation', database.url);
    const of = {
      app: `POST /auth/refresh ÷ a bare Nest route with one SELECT, one UPDATE and two signatures (${kind.name}, raw driver)`,
      driver: `the same, where both load the user by the raw driver and not one by TypeORM (${kind.name})`,
    }[usersBy];
    const what = { name: this.name, unit: 'refreshes/s', of };
    report(await sideBySide(what, { ours: ours.side, other: driver.side }, generator, effort));
    await Promise.all([ours.server.close(), driver.server.close()]);
    await database.drop();
  },
});

const againstTutorial: Benchmark = {
  name: 'refresh_vs_hash_per_refresh',
  async run({ generator, effort, report }) {
    const database = await sqliteKind.create();
    const ours = await refreshing('ours', database.url, { connections: 4 });
    const tutorial = await refreshing('hash-per-refresh', '-', { connections: 4 });
    const what = {
      name: this.name,
      unit: 'refreshes/s',
      of: 'POST /auth/refresh ÷ a tutorial’s: argon2 of the refresh token in the user’s row (SQLite)',
    };
    // The tutorial serves only a few per second: shorter rounds would be imprecise.
    const long = { ...effort, rounds: effort.longRounds, seconds: effort.isQuick ? 2 : 3 };
    report(await sideBySide(what, { ours: ours.side, other: tutorial.side }, generator, long));
    await Promise.all([ours.server.close(), tutorial.server.close()]);
    await database.drop();
  },
};

const amongMany = (kind: DatabaseKind, rows: number, label: string): Benchmark => ({
  name: `refresh_at_${label}_rows_vs_1k`,
  isOnRequest: rows > 1_000_000,
  async run({ generator, effort, report }) {
    const [few, many] = [await kind.create(), await kind.create()];
    const fresh = await refreshing('ours', few.url);
    const crowded = await refreshing('ours', many.url);
    await fillWithSessions(few.url, 1000);
    await fillWithSessions(many.url, rows);
    const what = {
      name: this.name,
      unit: 'refreshes/s',
      of: `POST /auth/refresh among ${rows.toLocaleString('en')} sessions ÷ among 1,000 (${kind.name})`,
    };
    report(await sideBySide(what, { ours: crowded.side, other: fresh.side }, generator, effort));
    await Promise.all([fresh.server.close(), crowded.server.close()]);
    await Promise.all([few.drop(), many.drop()]);
  },
});

const postgres = databaseKinds.find(({ name }) => name === 'PostgreSQL');

export const refresh: Benchmark[] = [
  ...databaseKinds.map((kind) => againstDriver(kind, 'app')),
  ...databaseKinds.map((kind) => againstDriver(kind, 'driver')),
  againstTutorial,
  ...(postgres
    ? [amongMany(postgres, 1_000_000, '1m'), amongMany(postgres, 10_000_000, '10m')]
    : []),
];
