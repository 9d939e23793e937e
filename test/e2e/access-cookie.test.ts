import { Controller, Post, UseGuards } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JwtAuthGuard } from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import {
  ACCESS_COOKIE,
  DEVICE_COOKIE,
  adapters,
  COOKIE,
  PASSWORD,
  startTestApp,
  withTestApp,
  type TestApp,
} from '../harness/test-app.js';

@Controller('orders')
@UseGuards(JwtAuthGuard)
class OrdersController {
  static placed = 0;

  @Post()
  place(): number {
    return (OrdersController.placed += 1);
  }
}

describe.each(adapters)('the access token in its own cookie, on %s,', (adapter) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({
      database: sqliteKind,
      adapter,
      controllers: [OrdersController],
      options: { cookies: { access: true }, allowedOrigins: ['https://app.example.com'] },
    });
  });
  afterAll(() => test.close());

  it('is set by the login, unreadable by scripts and for no longer than the token lives', async () => {
    const { username } = await test.loggedIn();
    const body = { username, password: PASSWORD };
    const response = await test.client().post('/auth/login', { body });
    expect(response.setCookies.map((line) => line.split('=')[0])).toEqual([
      COOKIE,
      ACCESS_COOKIE,
      DEVICE_COOKIE,
    ]);
    expect(cookieSetBy(response, ACCESS_COOKIE)).toBe(response.body.accessToken);
    expect(response.setCookies[1]).toMatch(
      /; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('is set by every refresh: rotated, replayed or renewed', async () => {
    const { client } = await test.loggedIn();
    const first = await client.cookie(COOKIE);
    const rotation = await client.post('/auth/refresh');
    const renewal = await client.post('/auth/refresh');
    const replay = await client.post('/auth/refresh', { cookie: `${COOKIE}=${first}` });

    expect(renewal.setCookies).toHaveLength(1);
    for (const response of [rotation, renewal, replay]) {
      expect(response.status).toBe(200);
      expect(cookieSetBy(response, ACCESS_COOKIE)).toBe(response.body.accessToken);
    }
  });

  it('alone gives access to guarded routes', async () => {
    const { client, username } = await test.loggedIn();
    const guarded = await client.get('/guarded');
    expect([guarded.status, guarded.body.username]).toEqual([200, username]);
    expect((await client.get('/auth/sessions')).status).toBe(200);
    expect((await client.post('/orders')).status).toBe(201);
  });

  it('changes nothing when another site makes the browser send it', async () => {
    const { client, accessToken } = await test.loggedIn();
    const [{ id }] = (await client.get('/auth/sessions')).body;
    const before = [await test.sessions.find(), OrdersController.placed];
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      for (const send of [
        client.post('/orders', { headers }),
        client.post('/auth/logout-all', { headers }),
        client.post('/auth/password', { headers, body: {} }),
        client.delete(`/auth/sessions/${id}`, { headers }),
      ]) {
        const response = await send;
        expect([response.status, response.body.code]).toEqual([403, 'csrf_rejected']);
        expect(response.setCookies).toEqual([]);
      }
    }
    expect([await test.sessions.find(), OrdersController.placed]).toEqual(before);

    // A page of another site can't send the header, so this client sent it on purpose.
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await client.post('/orders', { headers, bearer: accessToken })).status).toBe(201);
  });

  it('may change something for the own site and for an allowed one', async () => {
    const { client } = await test.loggedIn();
    const fromApp = { 'sec-fetch-site': 'cross-site', origin: 'https://app.example.com' };
    const ours = [{ 'sec-fetch-site': 'same-origin' }, { origin: test.url }, fromApp];
    for (const headers of ours) {
      expect((await client.post('/orders', { headers })).status).toBe(201);
    }
  });

  it('allows links from other sites to routes that only read', async () => {
    const { client } = await test.loggedIn();
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await client.get('/guarded', { headers })).status).toBe(200);
    expect((await client.request('HEAD', '/guarded', { headers })).status).toBe(200);
  });

  it('does no harm beside a header of the same session, even if it is older', async () => {
    const { client, accessToken } = await test.loggedIn();
    const { body } = await client.post('/auth/refresh');
    for (const bearer of [accessToken, body.accessToken]) {
      expect((await client.get('/guarded', { bearer })).status).toBe(200);
    }
  });

  it('beside a header of another session is refused, because the sender is unclear', async () => {
    const [mine, other] = [await test.loggedIn(), await test.loggedIn()];
    const response = await mine.client.get('/guarded', { bearer: other.accessToken });
    expect([response.status, response.body.code]).toEqual([400, 'invalid_request']);
    const garbage = { bearer: other.accessToken, cookie: `${ACCESS_COOKIE}=garbage` };
    expect((await mine.client.get('/guarded', garbage)).status).toBe(400);
  });

  it('is not read beside a bad header', async () => {
    const { client } = await test.loggedIn();
    const response = await client.get('/guarded', { bearer: 'bad' });
    expect([response.status, response.body.code]).toEqual([401, 'token_invalid']);
  });

  it.each([
    ['', 'token_missing'],
    ['garbage', 'token_invalid'],
    ['j:{"$ne":null}', 'token_invalid'],
    ['%E0%A4%A', 'token_invalid'],
    ['\xff\xfe', 'token_invalid'],
    ['"quoted"', 'token_invalid'],
    ['.'.repeat(8192), 'token_invalid'],
  ])('as "%.20s" is a 401: %s', async (value, code) => {
    const cookie = `${ACCESS_COOKIE}=${value}`;
    const response = await test.client().get('/guarded', { cookie });
    expect([response.status, response.body.code]).toEqual([401, code]);
    expect((await test.client().post('/orders', { cookie })).body.code).toBe(code);
  });

  it('sent twice is refused unless both are the same', async () => {
    const [mine, other] = [await test.loggedIn(), await test.loggedIn()];
    const get = (...tokens: string[]) => {
      const cookie = tokens.map((token) => `${ACCESS_COOKIE}=${token}`).join('; ');
      return test.client().get('/guarded', { cookie });
    };
    expect((await get(mine.accessToken, mine.accessToken)).status).toBe(200);
    expect((await get(mine.accessToken, other.accessToken)).status).toBe(401);
  });

  it('that has expired is token_expired, and the next refresh replaces it', async () => {
    const { client } = await test.loggedIn();
    test.clock.advance({ minutes: 15 });
    expect((await client.get('/guarded')).body.code).toBe('token_expired');
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await client.get('/guarded')).status).toBe(200);
  });

  it.each([
    ['logout', 204],
    ['logout-all', 204],
    ['refresh', 401],
  ])(
    'is deleted together with the refresh cookie on %s of an ended session',
    async (route, status) => {
      const { client } = await test.loggedIn();
      if (route === 'refresh') await test.auth.logout((await client.cookie(COOKIE))!);
      const response = await client.post(`/auth/${route}`);
      expect(response.status).toBe(status);
      expect(response.setCookies).toEqual(
        [COOKIE, ACCESS_COOKIE].map((name) =>
          expect.stringMatching(
            `^${name}=; Max-Age=0; Path=/; Expires=.* GMT; HttpOnly; Secure; SameSite=Strict$`,
          ),
        ),
      );
      expect((await client.jar.getCookies(test.url)).map(({ key }) => key)).toEqual([
        DEVICE_COOKIE,
      ]);
    },
  );
});

describe('the access cookie', () => {
  it('can have another name and path', async () => {
    const cookies = { access: { name: 'at', path: '/guarded' } };
    await withTestApp({ database: sqliteKind, options: { cookies } }, async (test) => {
      const { client } = await test.loggedIn();
      expect((await client.get('/guarded')).status).toBe(200);
      expect((await client.get('/auth/me')).body.code).toBe('token_missing');
      const { setCookies } = await client.post('/auth/logout');
      expect(setCookies[1]).toMatch(/^__Secure-at=; Max-Age=0; Path=\/guarded;/);
    });
  });

  it('is ignored by an app that did not configure it', async () => {
    await withTestApp({ database: sqliteKind }, async (test) => {
      const { accessToken, client } = await test.loggedIn();
      const cookie = `${ACCESS_COOKIE}=${accessToken}`;
      expect((await client.get('/guarded', { cookie })).body.code).toBe('token_missing');
      const bearer = accessToken;
      expect((await client.get('/guarded', { bearer, cookie: `${ACCESS_COOKIE}=x` })).status).toBe(
        200,
      );
    });
  });

  it('stops the login before there is a session if it is too small for the claims', async () => {
    let bio = '';
    const user = () => ({ id: 7, passwordHash: null, claims: { bio } });
    const users = {
      findByLogin: async () => user(),
      findById: async () => user(),
      create: async () => user(),
    };
    const options = { users, cookies: { access: true } };
    await withTestApp({ database: sqliteKind, options }, async (test) => {
      const body = { username: 'ada', password: PASSWORD };
      bio = 'x'.repeat(2000);
      expect((await test.client().post('/auth/register', { body })).status).toBe(201);
      bio = 'x'.repeat(4000);
      const response = await test.client().post('/auth/register', { body });
      expect([response.status, response.setCookies]).toEqual([500, []]);
      expect(response.body.code).toBe('misconfigured');
      expect(await test.sessions.count()).toBe(1);
    });
  });
});
