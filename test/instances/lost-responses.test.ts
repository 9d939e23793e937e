import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { addressOf, proxiedUrl } from '../harness/proxied-url.js';
import { databaseKinds } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { cookieSetBy, HttpClient, type HttpResponse } from '../harness/http-client.js';
import { loseRotationResponse } from '../harness/lose-rotation-response.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

const NEW_PASSWORD = 'battery staple horse correct';

describe.each(databaseKinds)('a response lost on its way to the client, on $name', (kind) => {
  let app: TestApp;
  let proxy: TcpProxy;
  let client: HttpClient;
  let accessToken: string;

  beforeEach(async () => {
    app = await startTestApp({ database: kind });
    const { client: direct, ...session } = await app.loggedIn('ada');
    proxy = await startTcpProxy(addressOf(app.url));
    client = new HttpClient(`http://localhost:${proxy.port}`);
    await client.jar.setCookie(
      `${COOKIE}=${await direct.cookie(COOKIE)}; Path=/; Secure`,
      client.url,
    );
    accessToken = session.accessToken;
  });
  afterEach(async () => {
    await proxy.close();
    await app.close();
  });

  async function lost(send: () => Promise<HttpResponse>): Promise<void> {
    proxy.loseNextResponse();
    await expect(send()).rejects.toThrow('fetch failed');
  }

  it('of a refresh: the same token gets the successor that the database has', async () => {
    await lost(() => client.post('/auth/refresh'));
    const committed = await theRow(app);
    expect(committed.generation).toBe(1);

    const again = await client.post('/auth/refresh');
    expect(again.status).toBe(200);
    expect(hashIn(cookieSetBy(again, COOKIE)!)).toBe(committed.tokenHash);
    expect((await theRow(app)).generation).toBe(1);
  });

  it('of a refresh, five times in a row: still the same successor, and it refreshes on', async () => {
    for (let loss = 0; loss < 5; loss += 1) await lost(() => client.post('/auth/refresh'));
    const again = await client.post('/auth/refresh');
    expect(hashIn(cookieSetBy(again, COOKIE)!)).toBe((await theRow(app)).tokenHash);
    app.clock.advance({ minutes: 1 });
    await lost(() => client.post('/auth/refresh'));
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await theRow(app)).generation).toBe(2);
  });

  it('of a refresh on a kept-alive connection: the browser resends it on a new one', async () => {
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    const refresh = requestText('POST /auth/refresh', { cookie, 'content-length': '0' });
    const kept = await openConnection(proxy.port);
    const guarded = requestText('GET /guarded', { authorization: `Bearer ${accessToken}` });
    expect(await kept.send(guarded)).toMatch(/^HTTP\/1\.1 200 /);

    proxy.loseNextResponse();
    expect(await kept.send(refresh)).toBe('');
    const committed = await theRow(app);
    expect(committed.generation).toBe(1);

    const fresh = await openConnection(proxy.port);
    const response = await fresh.send(refresh);
    fresh.close();
    expect(response).toMatch(/^HTTP\/1\.1 200 /);
    const successor = new RegExp(`^set-cookie: ${COOKIE}=([^;]+);`, 'im').exec(response)![1]!;
    expect(hashIn(successor)).toBe(committed.tokenHash);
    expect((await theRow(app)).generation).toBe(1);
  });

  it('of a login: logging in again works, and the first session can be seen and ended', async () => {
    const credentials = { body: { username: 'ada', password: PASSWORD } };
    const other = new HttpClient(client.url);
    await lost(() => other.post('/auth/login', credentials));
    const again = await other.post('/auth/login', credentials);
    expect(again.status).toBe(200);
    expect((await other.post('/auth/refresh')).status).toBe(200);

    const bearer = again.body.accessToken as string;
    const { body } = await other.get('/auth/sessions', { bearer });
    const sessions = body as { id: string; current: boolean }[];
    expect(sessions).toHaveLength(3);
    const ended = await Promise.all(
      sessions
        .filter(({ current }) => !current)
        .map(({ id }) => other.delete(`/auth/sessions/${id}`, { bearer })),
    );
    expect(ended.map(({ status }) => status)).toEqual([204, 204]);
    expect((await other.get('/auth/sessions', { bearer })).body).toHaveLength(1);
  });

  it('of a registration: the name is taken, and its owner logs in', async () => {
    const body = { username: 'grace', password: PASSWORD };
    const other = new HttpClient(client.url);
    await lost(() => other.post('/auth/register', { body }));
    const again = await other.post('/auth/register', { body });
    expect([again.status, again.body.code]).toEqual([409, 'username_taken']);
    expect((await other.post('/auth/login', { body })).status).toBe(200);
  });

  it('of a logout: the session has ended, and logging out again clears the cookie', async () => {
    await lost(() => client.post('/auth/logout'));
    expect((await theRow(app)).revokedReason).toBe('logout');
    expect(await client.cookie(COOKIE)).not.toBeNull();

    const again = await client.post('/auth/logout');
    expect([again.status, cookieSetBy(again, COOKIE)]).toEqual([204, '']);
    expect(await client.cookie(COOKIE)).toBeNull();
  });

  it('of a password change: repeating it succeeds, the client continues, and copies of the old cookie are invalid', async () => {
    const copy = new HttpClient(app.url);
    const stolen = (await client.cookie(COOKIE))!;
    await copy.jar.setCookie(`${COOKIE}=${stolen}; Path=/; Secure`, copy.url);
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await lost(() => client.post('/auth/password', { body, bearer: accessToken }));

    const again = await client.post('/auth/password', { body, bearer: accessToken });
    expect(again.status).toBe(204);
    expect(hashIn(cookieSetBy(again, COOKIE)!)).toBe((await theRow(app)).tokenHash);
    expect((await copy.post('/auth/refresh')).body.code).toBe('refresh_invalid');
    expect((await client.post('/auth/refresh')).status).toBe(200);
    const login = { username: 'ada', password: NEW_PASSWORD };
    expect((await client.post('/auth/login', { body: login })).status).toBe(200);
  });

  it('of a password change that nobody repeats: the new password is set, and owner and thief can’t be distinguished', async () => {
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await lost(() => client.post('/auth/password', { body, bearer: accessToken }));

    expect((await client.post('/auth/refresh')).body.code).toBe('refresh_invalid');
    const login = { username: 'ada', password: NEW_PASSWORD };
    expect((await client.post('/auth/login', { body: login })).status).toBe(200);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });
});

const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');

describeOnEach(servers)('a response lost on its way from $name to the app', (kind) => {
  it('of a rotation: a 503 that leaves the cookie, and then the committed successor', async () => {
    const database = await kind.create();
    const proxy = await startTcpProxy(addressOf(database.url));
    const app = await startTestApp({
      database: kind,
      databaseUrl: proxiedUrl(proxy, database.url),
      // Nothing else queries the database meanwhile.
      options: { revocation: { pollInterval: '1h' }, purge: { interval: false } },
    });
    try {
      const { client } = await app.loggedIn();
      loseRotationResponse(app, proxy);
      const refused = await client.post('/auth/refresh');
      expect([refused.status, refused.body.code]).toEqual([503, 'store_unavailable']);
      expect(refused.setCookies).toEqual([]);
      const committed = await theRow(app);
      expect(committed.generation).toBe(1);

      const again = await client.post('/auth/refresh');
      expect(again.status).toBe(200);
      expect(hashIn(cookieSetBy(again, COOKIE)!)).toBe(committed.tokenHash);
    } finally {
      await app.close();
      await proxy.close();
      await database.drop();
    }
  });
});

/** The only session. */
async function theRow(app: TestApp) {
  const [row, ...others] = await app.sessions.find();
  expect(others).toEqual([]);
  return row!;
}

/** The form in which the database stores a refresh token. */
function hashIn(refreshToken: string): string {
  const payload = Buffer.from(refreshToken.split('.')[1]!, 'base64url').toString();
  const { jti } = JSON.parse(payload) as { jti: string };
  return createHash('sha256').update(jti).digest('hex');
}

function requestText(line: string, headers: Record<string, string>): string {
  const lines = Object.entries({ host: 'localhost', ...headers });
  return `${line} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

interface Connection {
  /** The text of the response, or the part of it that came before the connection ended. */
  send(request: string): Promise<string>;
  close(): void;
}

async function openConnection(port: number): Promise<Connection> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  return {
    send(request) {
      received = '';
      return new Promise((resolve) => {
        socket.on('data', () => {
          const [head, body = ''] = received.split('\r\n\r\n');
          const length = /^content-length: (\d+)/im.exec(head!)?.[1];
          if (length !== undefined && body.length >= Number(length)) resolve(received);
        });
        socket.on('close', () => resolve(received));
        socket.write(request);
      });
    },
    close: () => socket.destroy(),
  };
}
