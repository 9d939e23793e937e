import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import type { HttpClient } from '../harness/http-client.js';
import {
  adapters,
  COOKIE,
  DEVICE_COOKIE as DEVICE,
  PASSWORD,
  startTestApp,
  withTestApp,
  type TestApp,
} from '../harness/test-app.js';

const WRONG = `not ${PASSWORD}`;
const NEW_PASSWORD = 'seven green pears at dawn';

const prepare = (app: INestApplication) => (app as NestExpressApplication).set('trust proxy', true);

const login = (client: HttpClient, username: string, password = PASSWORD) =>
  client.post('/auth/login', { body: { username, password } });

/** Unknown devices fail at a name until it is locked for them. */
async function locked(test: TestApp, username: string): Promise<void> {
  for (let i = 0; i < 11; i += 1) {
    const headers = { 'x-forwarded-for': `10.0.0.${i}` };
    await test.client().post('/auth/login', { body: { username, password: WRONG }, headers });
  }
  expect((await login(test.client(), username)).status).toBe(429);
}

describe.each(databaseKinds)('a device on $name', (database) => {
  let test: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database, prepare });
    const { databaseUrl, clock } = test;
    other = await startTestApp({ database, databaseUrl, clock, prepare });
  });
  afterAll(async () => {
    await other.close();
    await test.close();
  });

  type Owner = Awaited<ReturnType<TestApp['loggedIn']>>;

  it.each<[string, (owner: Owner) => Promise<unknown>]>([
    ['a logout', ({ client }) => client.post('/auth/logout')],
    [
      'the end of all its user’s sessions',
      ({ client, accessToken: bearer }) => client.post('/auth/logout-all', { bearer }),
    ],
    [
      'a reuse that was found out',
      async ({ client }) => {
        const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
        await client.post('/auth/refresh');
        test.clock.advance({ minutes: 1 });
        const { body } = await client.post('/auth/refresh', { cookie });
        expect(body.code).toBe('refresh_reused');
      },
    ],
    [
      'the end of its session by the app',
      async ({ username }) => {
        const { id } = await test.users.findOneByOrFail({ username });
        await test.auth.revokeAllForUser(String(id));
      },
    ],
    [
      'months without a login',
      async () => {
        test.clock.advance({ days: 200 });
        while ((await test.auth.purgeExpired()) > 0);
      },
    ],
    [
      'a login of somebody else in the same browser',
      async ({ client }) => {
        const { username } = await test.loggedIn();
        expect((await login(client, username)).status).toBe(200);
        await client.post('/auth/logout');
      },
    ],
    [
      'a registration of somebody else in the same browser',
      async ({ client, username }) => {
        const body = { username: `${username}-friend`, password: PASSWORD };
        expect((await client.post('/auth/register', { body })).status).toBe(201);
        await client.post('/auth/logout');
      },
    ],
  ])('stays known after %s: no stranger locks its owner out', async (_what, happens) => {
    const owner = await test.loggedIn();
    await happens(owner);
    await locked(test, owner.username);
    const { status, body } = await login(owner.client, owner.username);
    expect([status, body.code]).toEqual([200, undefined]);
  });

  it('stays known after a change of password', async () => {
    const { client, accessToken: bearer, username } = await test.loggedIn();
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await client.post('/auth/password', { body, bearer })).status).toBe(204);
    await client.post('/auth/logout');
    for (let i = 0; i < 11; i += 1) await login(test.client(), username, WRONG);
    expect((await login(test.client(), username, NEW_PASSWORD)).status).toBe(429);
    expect((await login(client, username, NEW_PASSWORD)).status).toBe(200);
  });

  it('is known to every instance', async () => {
    const { client, username } = await test.loggedIn();
    await client.post('/auth/logout');
    await locked(other, username);
    const cookie = `${DEVICE}=${await client.cookie(DEVICE)}`;
    const body = { username, password: PASSWORD };
    const response = await other.client().post('/auth/login', { body, cookie });
    expect(response.status).toBe(200);
  });

  it('belongs to one account only', async () => {
    const [ada, eve] = [await test.loggedIn(), await test.loggedIn()];
    await eve.client.post('/auth/logout');
    await locked(test, ada.username);
    expect((await login(eve.client, ada.username)).status).toBe(429);
    expect((await login(eve.client, 'nobody')).status).toBe(401);
  });

  it('has its own limit of ten failures; a thief of its cookie gets no more and harms nobody else', async () => {
    const { client, username } = await test.loggedIn();
    const second = test.client();
    await login(second, username);
    const cookie = `${DEVICE}=${await client.cookie(DEVICE)}`;
    const statuses = [];
    for (let i = 0; i < 12; i += 1) {
      const body = { username, password: `${WRONG} ${i}` };
      const headers = { 'x-forwarded-for': `10.0.1.${i}` };
      statuses.push((await test.client().post('/auth/login', { body, headers, cookie })).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    // With the refresh token, which was stolen too, the thief counts as the same device.
    expect((await login(client, username)).status).toBe(429);
    expect((await login(second, username)).status).toBe(200);
    expect((await login(test.client(), username)).status).toBe(200);
  });

  it('is forgotten when everything is revoked, on every instance and for good', async () => {
    const { client, username } = await test.loggedIn();
    const cookie = `${DEVICE}=${await client.cookie(DEVICE)}`;
    test.clock.advance({ seconds: 1 });
    await other.auth.revokeEverything();
    test.clock.advance({ days: 2 });
    await test.auth.purgeExpired();
    await locked(test, username);
    await locked(other, username);
    const body = { username, password: PASSWORD };
    for (const { client: fresh } of [test, other]) {
      expect((await fresh().post('/auth/login', { body, cookie })).status).toBe(429);
    }
  });

  it('is forgotten even if the instance that registered it is 58 seconds ahead', async () => {
    test.clock.jump({ seconds: 29 });
    const { client, username } = await test.loggedIn();
    test.clock.jump({ seconds: -58 });
    await other.auth.revokeEverything();
    test.clock.jump({ seconds: 29 });
    await locked(test, username);
    expect((await login(client, username)).status).toBe(429);
  });

  it.each([
    ['at once', 0],
    ['by an instance that is 58 seconds behind', -58],
  ])('that became known later is forgotten by the next call, %s', async (_what, seconds) => {
    await test.auth.revokeEverything();
    const before = await test.loggedIn();
    test.clock.jump({ seconds });
    await other.auth.revokeEverything();
    const after = await test.loggedIn();
    test.clock.jump({ seconds: -seconds });
    for (const { username } of [before, after]) await locked(test, username);
    expect((await login(before.client, before.username)).status).toBe(429);
    expect((await login(after.client, after.username)).status).toBe(200);
  });

  it('that became known later is known at once, whatever the clock shows', async () => {
    await test.auth.revokeEverything();
    const { client, username } = await test.loggedIn();
    await client.post('/auth/logout');
    await locked(test, username);
    expect((await login(client, username)).status).toBe(200);
  });

  it('that became known later stays known', async () => {
    await test.auth.revokeEverything();
    test.clock.advance({ seconds: 1 });
    const { client, username } = await test.loggedIn();
    await client.post('/auth/logout');
    await locked(test, username);
    expect((await login(client, username)).status).toBe(200);
  });
});

describe.each(adapters)('the cookie of a device on %s', (adapter) => {
  it('is hardened, is set by each login and registration, and is never cleared', async () => {
    await withTestApp({ database: sqliteKind, adapter }, async (test) => {
      const client = test.client();
      const body = { username: 'ada', password: PASSWORD };
      const lines = [];
      for (const path of ['/auth/register', '/auth/login']) {
        lines.push((await client.post(path, { body })).setCookies);
      }
      expect(lines.map((each) => each.length)).toEqual([2, 2]);
      for (const [, device] of lines) {
        expect(device).toMatch(
          /^__Host-device_token=[\w.~-]{100,200}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
        );
      }
      expect(lines[0]![1]).not.toBe(lines[1]![1]);
      for (const path of ['/auth/refresh', '/auth/logout']) {
        const { setCookies } = await client.post(path);
        expect(setCookies.join()).not.toContain(DEVICE);
      }
      expect(await client.cookie(DEVICE)).not.toBeNull();
    });
  });

  it('is no credential', async () => {
    const options = { cookies: { access: true } };
    await withTestApp({ database: sqliteKind, adapter, options }, async (test) => {
      const { client } = await test.loggedIn();
      const device = await client.cookie(DEVICE);
      const fresh = test.client();
      for (const name of [DEVICE, COOKIE, '__Host-access_token']) {
        const cookie = `${name}=${device}`;
        for (const path of ['/guarded', '/auth/me', '/auth/sessions']) {
          expect((await fresh.get(path, { cookie })).status).toBe(401);
        }
        expect((await fresh.post('/auth/refresh', { cookie })).status).toBe(401);
      }
      expect((await fresh.get('/guarded', { bearer: device! })).status).toBe(401);
    });
  });
});

describe('the cookie of a device', () => {
  it.each([
    ['junk', 'x~y.z'],
    ['a form of ours', `${'a'.repeat(32)}.mabc.${'b'.repeat(43)}.${'c'.repeat(43)}`],
  ])('of %s counts as unknown, and costs no user query once there is a 429', async (_, value) => {
    const options = { limits: { address: { attempts: 1 } } };
    await withTestApp({ database: sqliteKind, options }, async (test) => {
      const attempt = { body: { username: 'ada', password: WRONG }, cookie: `${DEVICE}=${value}` };
      expect((await test.client().post('/auth/login', attempt)).status).toBe(401);
      test.statements.splice(0);
      expect((await test.client().post('/auth/login', attempt)).status).toBe(429);
      expect(test.statements.filter((statement) => /users/i.test(statement))).toEqual([]);
    });
  });

  it('can have another name and path, or be switched off', async () => {
    const device = { name: 'seen', path: '/auth' };
    const named = { database: sqliteKind, prepare, options: { cookies: { device } } };
    await withTestApp(named, async (test) => {
      const client = test.client();
      const body = { username: 'ada', password: PASSWORD };
      const { setCookies } = await client.post('/auth/register', { body });
      expect(setCookies[1]).toMatch(/^__Secure-seen=[^;]+; .*Path=\/auth; /);
      const [cookie] = setCookies[1]!.split(';');
      await client.post('/auth/logout');
      await locked(test, 'ada');
      expect((await test.client().post('/auth/login', { body, cookie: cookie! })).status).toBe(200);
    });
    const none = { database: sqliteKind, prepare, options: { cookies: { device: false } } };
    await withTestApp(none, async (test) => {
      const { client, username } = await test.loggedIn();
      expect((await client.jar.getCookies(test.url)).map(({ key }) => key)).toEqual([COOKIE]);
      await locked(test, username);
      // As before: the refresh token of a live session makes the device known.
      expect((await login(client, username)).status).toBe(200);
      await client.post('/auth/logout');
      await locked(test, username);
      expect((await login(client, username)).status).toBe(429);
    });
  });
});
