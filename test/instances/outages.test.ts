import { afterEach, expect, it } from '@jest/globals';
import { startAppProcess, type AppProcess } from '../harness/app-process.js';
import { addressOf, proxiedUrl } from '../harness/proxied-url.js';
import { databaseKinds, type DatabaseKind } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { startFailoverProxy } from '../harness/failover-proxy.js';
import { HttpClient, type HttpResponse } from '../harness/http-client.js';
import { loseRotationResponse } from '../harness/lose-rotation-response.js';
import { mariadbPrograms, startPrivateMariadb } from '../harness/private-mariadb.js';
import { postgresPrograms, startPrivatePostgres } from '../harness/private-postgres.js';
import type { PrivateServer } from '../harness/private-server.js';
import { openSecondConnection } from '../harness/second-connection.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { startTestApp, type TestApp, type TestAppOptions } from '../harness/test-app.js';
import { PASSWORD } from '../harness/test-secrets.js';
import { ProcessTime } from '../harness/process-time.js';
import { waitUntil } from '../harness/wait-until.js';

/** The promise: in an outage a client gets a response within five seconds, by the timers of the instance. */
const SOON_MS = 5000;
const CLIENTS = 12;

type Living = Pick<AppProcess, 'livedMs'>;
/** For apps in this process. */
const here = new ProcessTime();

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');
const postgres = postgresPrograms();
const mariadb = mariadbPrograms();
const privateServers = [
  ...(postgres ? [{ name: 'PostgreSQL', open: () => startPrivatePostgres(postgres) }] : []),
  ...(mariadb ? [{ name: 'MariaDB', open: () => startPrivateMariadb(mariadb) }] : []),
];

describeOnEach(servers)('while the connection to $name', (kind) => {
  it.each([
    { fault: 'is cut', begin: (proxy: TcpProxy) => proxy.cut() },
    { fault: 'hangs', begin: (proxy: TcpProxy) => proxy.hang() },
  ])('$fault, every response is a 503 in time, and nobody is logged out', async ({ begin }) => {
    const { proxy, url } = await behindProxy(kind);
    const scene = await manyClients(url);
    const fault = { begin: async () => begin(proxy), end: async () => proxy.heal() };
    expect(await outlive(scene, fault)).toEqual(scene.clients.map(() => 200));
  });

  it('is dead for existing sockets, new ones are opened, and nobody is logged out', async () => {
    const database = await kind.create();
    cleanUps.push(() => database.drop());
    const proxy = await startFailoverProxy(addressOf(database.url));
    cleanUps.push(() => proxy.close());
    const scene = await manyClients(proxiedUrl(proxy, database.url));
    await Promise.all(scene.clients.map(({ client }) => client.post('/auth/refresh')));
    proxy.failOver();
    expect(await everybodyRefreshes(scene)).toEqual(scene.clients.map(() => 200));
  });
});

describeOnEach(privateServers)('while $name itself', ({ open }) => {
  it.each([
    { fault: 'is restarted', begin: (server: PrivateServer) => server.stop() },
    { fault: 'crashes and comes back', begin: (server: PrivateServer) => server.crash() },
  ])('$fault, every response is a 503 in time, and nobody is logged out', async ({ begin }) => {
    const server = await open();
    cleanUps.push(() => server.dispose());
    const scene = await manyClients(server.url);
    const fault = { begin: () => begin(server), end: () => server.start() };
    expect(await outlive(scene, fault)).toEqual(scene.clients.map(() => 200));
  });
});

describeOnEach(servers)('while $name hangs', (kind) => {
  // The reference app's /health waits for as long as its database driver does.
  it('the health check responds with 503 in time', async () => {
    const { proxy, url } = await behindProxy(kind);
    const app = await startAppProcess({ databaseUrl: url });
    cleanUps.push(() => app.kill());
    proxy.hang();
    const { response, took } = await timed(app, new HttpClient(app.url).get('/health'));
    expect(response.status).toBe(503);
    expect(took).toBeLessThan(SOON_MS);
  });
});

// A rotation behind a 503 may be dated by its request: after the leeway the retry would look like theft.
describeOnEach(servers)('an outage of $name that is longer than the leeway', (kind) => {
  it('does not make a rotation that waited for a lock look like theft', async () => {
    const app = await inProcess({ database: kind });
    const { client } = await app.loggedIn();
    const other = await openSecondConnection(app.databaseUrl);
    cleanUps.push(() => other.close());
    await other.query('BEGIN');
    await other.query('SELECT * FROM refresh_tokens FOR UPDATE');
    expect((await client.post('/auth/refresh')).status).toBe(503);
    app.clock.advance({ minutes: 1 });
    await other.query('COMMIT');
    await waitUntil(() => app.sessions.existsBy({ generation: 1 }));

    expect((await responseOf(here, () => client.post('/auth/refresh'))).status).toBe(200);
  });

  it('does not make a rotation whose response was lost at its start look like theft', async () => {
    const { proxy, url } = await behindProxy(kind);
    const app = await inProcess({ database: kind, databaseUrl: url });
    const { client } = await app.loggedIn();
    loseRotationResponse(app, proxy);
    expect((await client.post('/auth/refresh')).status).toBe(503);
    proxy.cut();
    expect((await client.post('/auth/refresh')).status).toBe(503);
    app.clock.advance({ minutes: 1 });
    expect((await client.post('/auth/refresh')).status).toBe(503);
    proxy.heal();

    expect((await responseOf(here, () => client.post('/auth/refresh'))).status).toBe(200);
  });
});

describeOnEach(servers)(
  'an app that fails closed when it may miss a revocation, on $name',
  (kind) => {
    it('returns 503 on guarded routes while the feed is stale, and 200 again afterwards', async () => {
      const { proxy, url } = await behindProxy(kind);
      const app = await inProcess({
        database: kind,
        databaseUrl: url,
        options: { revocation: { failClosed: true } },
      });
      const { client, accessToken } = await app.loggedIn();
      const guarded = () => client.get('/guarded', { bearer: accessToken });
      expect((await guarded()).status).toBe(200);

      proxy.cut();
      expect((await guarded()).status).toBe(200);
      app.clock.advance({ seconds: 4 });
      const refused = await guarded();
      expect([refused.status, refused.body.code]).toEqual([503, 'store_unavailable']);
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

      proxy.heal();
      expect((await responseOf(here, guarded)).status).toBe(200);
    });
  },
);

async function behindProxy(kind: DatabaseKind): Promise<{ proxy: TcpProxy; url: string }> {
  const database = await kind.create();
  cleanUps.push(() => database.drop());
  const proxy = await startTcpProxy(addressOf(database.url));
  cleanUps.push(() => proxy.close());
  return { proxy, url: proxiedUrl(proxy, database.url) };
}

async function inProcess(options: TestAppOptions): Promise<TestApp> {
  const app = await startTestApp(options);
  cleanUps.push(() => app.close());
  return app;
}

interface Scene {
  app: AppProcess;
  clients: { client: HttpClient; username: string; accessToken: string }[];
}

async function manyClients(databaseUrl: string): Promise<Scene> {
  const app = await startAppProcess({ databaseUrl });
  cleanUps.push(() => app.kill());
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, i) => {
      const client = new HttpClient(app.url);
      const username = `user${i}`;
      const { status, body } = await client.post('/auth/register', {
        body: { username, password: PASSWORD },
      });
      expect(status).toBe(201);
      return { client, username, accessToken: body.accessToken as string };
    }),
  );
  return { app, clients };
}

async function outlive(
  scene: Scene,
  fault: { begin(): Promise<void>; end(): Promise<void> },
): Promise<number[]> {
  const { app, clients } = scene;
  // One refresh of each client is on its way when the fault begins.
  const halfWay = clients.map(({ client }) => timed(app, client.post('/auth/refresh')));
  await fault.begin();
  const requests = clients.flatMap(({ client, username }) => [
    timed(app, client.post('/auth/refresh')),
    timed(app, client.post('/auth/login', { body: { username, password: PASSWORD }, cookie: '' })),
  ]);
  const health = new HttpClient(app.url).get('/health');

  for (const { response, took } of await Promise.all(halfWay)) {
    expect([200, 503]).toContain(response.status);
    expect(took).toBeLessThan(SOON_MS);
  }
  for (const { response, took } of await Promise.all(requests)) {
    expect([response.status, response.body.code]).toEqual([503, 'store_unavailable']);
    expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(response.setCookies).toEqual([]);
    expect(took).toBeLessThan(SOON_MS);
  }
  const guarded = await Promise.all(
    clients.map(({ client, accessToken }) => client.get('/api/protected', { bearer: accessToken })),
  );
  expect(guarded.map(({ status }) => status)).toEqual(Array(CLIENTS).fill(200));
  expect((await health).status).toBe(503);

  await fault.end();
  return everybodyRefreshes(scene);
}

/** The response that every client gets in the end, from the same process as before. */
async function everybodyRefreshes({ app, clients }: Scene): Promise<number[]> {
  const responses = await Promise.all(
    clients.map(({ client }) => responseOf(app, () => client.post('/auth/refresh'))),
  );
  const health = new HttpClient(app.url);
  expect((await responseOf(app, () => health.get('/health'))).status).toBe(200);
  // And again at once, to check that no broken connection is left in the pool.
  for (let round = 0; round < 3; round += 1) {
    const again = await Promise.all(clients.map(({ client }) => client.post('/auth/refresh')));
    expect(again.map(({ status }) => status)).toEqual(clients.map(() => 200));
  }
  expect([app.process.exitCode, app.process.signalCode]).toEqual([null, null]);
  expect(app.output()).not.toMatch(/unhandled|uncaught|reuse_detected|session_revoked/i);
  return responses.map(({ status }) => status);
}

async function timed(
  { livedMs }: Living,
  request: Promise<HttpResponse>,
): Promise<{ response: HttpResponse; took: number }> {
  const start = livedMs();
  const response = await request;
  return { response, took: (await livedMs()) - (await start) };
}

/** Sends a request as a good client does: again, as long as the response is 503. */
async function responseOf(app: Living, send: () => Promise<HttpResponse>): Promise<HttpResponse> {
  let last: HttpResponse | undefined;
  await waitUntil(async () => {
    const { response, took } = await timed(app, send());
    expect(took).toBeLessThan(SOON_MS);
    last = response;
    return response.status !== 503;
  });
  return last!;
}
