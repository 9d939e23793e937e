import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { migrate } from '../../src/app/migrate.js';
import { databaseKinds, type TestDatabase } from '../harness/databases.js';
import { proxiedUrl } from '../harness/proxied-url.js';
import {
  freePort,
  serverFolder,
  startPrivateServer,
  type PrivateServer,
} from '../harness/private-server.js';
import { COOKIE, PASSWORD, startTestApp } from '../harness/test-app.js';

/** The path on Debian and Ubuntu. */
const PGBOUNCER = '/usr/sbin/pgbouncer';

const postgres = databaseKinds.find(({ name }) => name === 'PostgreSQL');
const canRun = postgres !== undefined && existsSync(PGBOUNCER);

/** A PgBouncer that gives each transaction a free one of two connections, and supports no prepared statements. */
async function startPgBouncer(databaseUrl: string): Promise<PrivateServer> {
  const folder = serverFolder();
  const port = await freePort();
  const { hostname, port: serverPort, username } = new URL(databaseUrl);
  const asRoot = process.getuid?.() === 0;
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${hostname} port=${serverPort || 5432} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
${asRoot ? 'user = nobody' : ''}
`,
  );
  // It drops root before it reads its settings again.
  chmodSync(folder, 0o755);
  const url = proxiedUrl({ port }, databaseUrl);
  return startPrivateServer(
    {
      command: PGBOUNCER,
      arguments: [join(folder, 'pgbouncer.ini')],
      options: { cwd: folder },
      stopSignal: 'SIGINT',
      crashSignal: 'SIGKILL',
      async tryToConnect() {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.end();
      },
    },
    { folder, port, url },
  );
}

(canRun ? describe : describe.skip)('behind a PgBouncer in transaction mode', () => {
  let database: TestDatabase;
  let bouncer: PrivateServer;

  beforeAll(async () => {
    database = await postgres!.create();
    bouncer = await startPgBouncer(database.url);
  });
  afterAll(async () => {
    await bouncer?.dispose();
    await database?.drop();
  });

  it('three instances started at once all boot through PgBouncer, and leave no lock behind', async () => {
    const starting = Array.from({ length: 3 }, async () => {
      const dataSource = await new DataSource(dataSourceOptions(bouncer.url)).initialize();
      try {
        await migrate(dataSource);
        return await dataSource.query('SELECT * FROM refresh_tokens');
      } finally {
        await dataSource.destroy();
      }
    });
    expect(await Promise.all(starting)).toEqual([[], [], []]);

    const direct = new pg.Client({ connectionString: database.url });
    await direct.connect();
    const { rows } = await direct.query(
      `SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = pg_locks.database
        WHERE locktype = 'advisory' AND datname = current_database()`,
    );
    await direct.end();
    expect(rows).toEqual([]);
  });

  it('sessions work through PgBouncer, and failures are counted in the database', async () => {
    const test = await startTestApp({
      database: postgres!,
      databaseUrl: bouncer.url,
      options: { limits: { store: 'database' } },
    });
    try {
      const { client, username } = await test.loggedIn();
      const attempts = Array.from({ length: 8 }, () =>
        test.client().post('/auth/login', { body: { username, password: 'not the password' } }),
      );
      for (const { status } of await Promise.all(attempts)) expect(status).toBe(401);
      expect(
        (await test.dataSource.query('SELECT * FROM auth_rate_limits')).length,
      ).toBeGreaterThan(0);
      const body = { username, password: PASSWORD };
      expect((await test.client().post('/auth/login', { body })).status).toBe(200);
      const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
      const tabs = Array.from({ length: 8 }, () => test.client().post('/auth/refresh', { cookie }));
      for (const { status } of await Promise.all(tabs)) expect(status).toBe(200);
      expect((await client.post('/auth/logout')).status).toBe(204);
      expect((await client.post('/auth/refresh', { cookie })).status).toBe(401);
    } finally {
      await test.close();
    }
  });
});
