import { Logger } from '@nestjs/common';
import { afterEach, expect, it, jest } from '@jest/globals';
import { TypeOrmRefreshTokenStore, type UserDirectory } from 'nestjs-refresh-auth';
import { MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import type { DataSource } from 'typeorm';
import { databaseKinds } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** The queries to the replica. An empty database on the same server acts as a replica that is behind. */
function queriesTo(dataSource: DataSource): { count: number } {
  const queries = { count: 0 };
  const driver = dataSource.driver as unknown as { obtainSlaveConnection(): Promise<unknown> };
  const obtain = driver.obtainSlaveConnection.bind(driver);
  driver.obtainSlaveConnection = () => {
    queries.count += 1;
    return obtain();
  };
  return queries;
}

/** An empty cache that records its queries. */
function recordingCache() {
  const keys: string[] = [];
  const cache = {
    connect: nothing,
    disconnect: nothing,
    synchronize: nothing,
    getFromCache: async ({ query }: { query: string }) => void keys.push(query),
    storeInCache: nothing,
    isExpired: () => true,
    clear: nothing,
    remove: nothing,
  };
  return { keys, provider: () => cache };
}

const nothing = async () => undefined;

/** Uses sessions in every way of the module. */
async function everything(test: TestApp): Promise<void> {
  const client = test.client();
  const body = { username: 'ada', password: PASSWORD };
  const wrong = { username: 'ada', password: 'not the password' };
  expect((await client.post('/auth/login', { body: wrong })).status).toBe(401);
  const login = await client.post('/auth/login', { body });
  expect(login.status).toBe(200);
  const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
  const tabs = [1, 2, 3, 4].map(() => test.client().post('/auth/refresh', { cookie }));
  expect((await Promise.all(tabs)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const bearer = login.body.accessToken as string;
  expect((await client.get('/auth/sessions', { bearer })).body).toHaveLength(1);
  expect((await client.post('/auth/logout', { cookie })).status).toBe(204);
  expect((await test.client().post('/auth/refresh', { cookie })).body.code).toBe('session_revoked');
  const store = new TypeOrmRefreshTokenStore(test.dataSource);
  expect(await store.revokedSince(0)).toHaveLength(1);
  expect(await store.deleteEnded(test.clock.now() + 1000, 10)).toEqual({ found: 1, deleted: 1 });
}

describeOnEach(servers)('with a replica of $name that is behind,', (kind) => {
  /** @param given `users` are by default the reference app's own on the same DataSource */
  async function replicated(
    given: { users?: UserDirectory; defaultMode?: 'master' | 'slave'; dataSource?: object } = {},
  ) {
    const { users, defaultMode = 'slave', dataSource } = given;
    const [primary, replica] = [await kind.create(), await kind.create()];
    cleanUps.push(
      () => primary.drop(),
      () => replica.drop(),
    );
    const test = await startTestApp({
      database: kind,
      databaseUrl: primary.url,
      dataSource: {
        url: undefined,
        replication: {
          master: { url: primary.url },
          slaves: [{ url: replica.url }],
          defaultMode,
        },
        ...dataSource,
      },
      options: { ...(users && { users }), limits: { store: 'database' } },
    });
    cleanUps.push(() => test.close());
    return test;
  }

  it.each(['slave', 'master'] as const)(
    'nothing is read from it, whether TypeORM reads from the %s by default',
    async (defaultMode) => {
      const users = new MemoryUserDirectory();
      await users.add({ username: 'ada', password: PASSWORD });
      const primaryAndReplica = await replicated({ defaultMode, users });
      const queries = queriesTo(primaryAndReplica.dataSource);
      await everything(primaryAndReplica);
      expect(queries.count).toBe(0);
      const master = primaryAndReplica.dataSource.createQueryRunner('master');
      const counts: unknown[] = await master.query('SELECT * FROM auth_rate_limits');
      await master.release();
      expect(counts.length).toBeGreaterThan(0);
    },
  );

  it('nothing goes through a TypeORM cache either', async () => {
    const users = new MemoryUserDirectory();
    await users.add({ username: 'ada', password: PASSWORD });
    const { keys, provider } = recordingCache();
    const test = await replicated({
      users,
      dataSource: { cache: { alwaysEnabled: true, provider } },
    });
    await everything(test);
    expect(keys.filter((query) => query.includes('refresh_tokens'))).toEqual([]);
  });

  it('the reference app’s users are read from the primary too', async () => {
    const { keys, provider } = recordingCache();
    const test = await replicated({ dataSource: { cache: { alwaysEnabled: true, provider } } });
    const queries = queriesTo(test.dataSource);
    const { client, accessToken: bearer, username } = await test.loggedIn();
    expect((await client.post('/auth/refresh')).status).toBe(200);
    const body = { currentPassword: PASSWORD, newPassword: 'battery horse staple correct' };
    expect((await client.post('/auth/password', { bearer, body })).status).toBe(204);
    const login = async (password: string) =>
      (await test.client().post('/auth/login', { body: { username, password } })).status;
    expect([await login(PASSWORD), await login(body.newPassword)]).toEqual([401, 200]);
    expect(queries.count).toBe(0);
    expect(keys.filter((query) => query.includes('users'))).toEqual([]);
  });

  it.each(['slave', 'master'] as const)(
    'the boot warns that users must be read from the primary, unless they are: %s',
    async (defaultMode) => {
      const log = jest.spyOn(Logger.prototype, 'log');
      await replicated({ defaultMode });
      const notices = log.mock.calls.filter(([text]) =>
        /has to read the primary/.test(String(text)),
      );
      log.mockRestore();
      expect(notices).toHaveLength(defaultMode === 'slave' ? 1 : 0);
    },
  );
});
