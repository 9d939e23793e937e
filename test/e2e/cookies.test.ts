import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CookieOptions } from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import {
  adapters,
  COOKIE,
  PASSWORD,
  startTestApp,
  withTestApp,
  type TestApp,
} from '../harness/test-app.js';

const everywhere = [
  ...adapters.map((adapter) => ({ on: adapter, adapter, withCookieParser: false })),
  { on: 'express with cookie-parser', adapter: 'express' as const, withCookieParser: true },
];

describe.each(everywhere)('the refresh cookie on $on', ({ adapter, withCookieParser }) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, adapter, withCookieParser });
  });
  afterAll(() => test.close());

  const refresh = (...tokens: (string | null)[]) =>
    test.client().post('/auth/refresh', {
      cookie: ['a=1', ...tokens.map((token) => `${COOKIE}=${token}`), 'z=9'].join('; '),
    });

  /** A session that has rotated once: its first token and the current one. */
  async function rotatedOnce() {
    const { client, accessToken } = await test.loggedIn();
    const first = (await client.cookie(COOKIE))!;
    await client.post('/auth/refresh');
    const second = (await client.cookie(COOKIE))!;
    return { client, accessToken, first, second };
  }

  it('sent twice, of one session: the newest is used, in any order', async () => {
    const { first, second } = await rotatedOnce();
    test.clock.advance({ minutes: 5 });
    const [a, b] = [await refresh(first, second), await refresh(second, first)];
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(cookieSetBy(a, COOKIE)).not.toBe(second);
    expect(cookieSetBy(b, COOKIE)).toBe(cookieSetBy(a, COOKIE));
  });

  it('sent twice, of one session, with the newest in the middle', async () => {
    const { client, first, second } = await rotatedOnce();
    test.clock.advance({ minutes: 5 });
    await client.post('/auth/refresh');
    const third = await client.cookie(COOKIE);
    const response = await refresh(first, third, second);
    expect([response.status, response.setCookies]).toEqual([200, []]);
  });

  it('sent twice with the same value counts as one', async () => {
    const { second } = await rotatedOnce();
    expect((await refresh(second, second)).status).toBe(200);
  });

  it('sent twice, one of them invalid: the genuine one is used', async () => {
    const { first, second } = await rotatedOnce();
    for (const tokens of [
      ['garbage', second],
      [second, 'j:{}'],
      [`${first.slice(0, -2)}AA`, second],
    ]) {
      expect((await refresh(...tokens)).status).toBe(200);
    }
  });

  it('sent twice, of different sessions: neither is used, cleared or ended', async () => {
    const [mine, planted] = [await rotatedOnce(), await rotatedOnce()];
    for (const tokens of [
      [mine.second, planted.second],
      [planted.second, mine.second],
      [mine.first, mine.second, planted.first],
    ]) {
      const response = await refresh(...tokens);
      expect([response.status, response.body.code]).toEqual([401, 'refresh_invalid']);
      expect(response.setCookies).toEqual([]);
    }
    expect((await refresh(mine.second)).status).toBe(200);
    expect((await refresh(planted.second)).status).toBe(200);
  });

  it('sent twice, of different sessions: a logout ends both', async () => {
    const [one, other] = [await rotatedOnce(), await rotatedOnce()];
    const cookie = `${COOKIE}=${one.first}; ${COOKIE}=${other.second}`;
    expect((await test.client().post('/auth/logout', { cookie })).status).toBe(204);
    for (const { second } of [one, other]) {
      expect((await refresh(second)).body.code).toBe('session_revoked');
    }
  });

  it('sent with a login ends its session, even if somebody planted it', async () => {
    const planted = await rotatedOnce();
    const { username } = await test.loggedIn();
    const response = await test.client().post('/auth/login', {
      body: { username, password: PASSWORD },
      cookie: `${COOKIE}=${planted.first}`,
    });
    expect(response.status).toBe(200);
    expect((await refresh(planted.second)).body.code).toBe('session_revoked');
    const guarded = await test.client().get('/guarded', { bearer: planted.accessToken });
    expect([guarded.status, guarded.body.code]).toEqual([401, 'session_revoked']);
    expect((await refresh(cookieSetBy(response, COOKIE))).status).toBe(200);
  });

  it('sent with a login that fails stays valid', async () => {
    const { client, second } = await rotatedOnce();
    const body = { username: 'nobody', password: PASSWORD };
    const response = await client.post('/auth/login', { body });
    expect([response.status, response.setCookies]).toEqual([401, []]);
    expect((await refresh(second)).status).toBe(200);
  });

  it('is cleared when the session is known to have ended', async () => {
    const cleared = `${COOKIE}=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict`;
    const [revoked, reused, expired] = [
      await rotatedOnce(),
      await rotatedOnce(),
      await rotatedOnce(),
    ];
    await test.auth.logout(revoked.second);
    const afterLogout = await refresh(revoked.second);
    test.clock.advance({ minutes: 5 });
    const afterReuse = await refresh(reused.first);
    test.clock.advance({ days: 8 });
    const afterExpiry = await refresh(expired.second);

    expect([afterLogout, afterReuse, afterExpiry].map(({ body }) => body.code)).toEqual([
      'session_revoked',
      'refresh_reused',
      'refresh_expired',
    ]);
    for (const { setCookies } of [afterLogout, afterReuse, afterExpiry]) {
      expect(setCookies).toEqual([cleared]);
    }
  });

  it('is cleared only with its own session, however old the presented token', async () => {
    const { client } = await test.loggedIn();
    const first = await client.cookie(COOKIE);
    test.clock.advance({ days: 6 });
    await client.post('/auth/refresh');
    test.clock.advance({ days: 2 });
    const late = await refresh(first);
    const isCleared = late.setCookies.length > 0;
    const isAlive = (await client.post('/auth/refresh')).status === 200;
    expect([late.status, isCleared]).toEqual([401, !isAlive]);
  });

  it('is kept when a token merely fails to verify: the session may belong to another instance', async () => {
    const { client, second } = await rotatedOnce();
    const { setCookies, body } = await client.post('/auth/refresh', {
      cookie: `${COOKIE}=${second}x`,
    });
    expect([body.code, setCookies]).toEqual(['refresh_invalid', []]);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });
});

describe.each(adapters)('the attributes of the refresh cookie on %s', (adapter) => {
  it.each<[string, CookieOptions, string, string]>([
    [
      'another name',
      { refresh: { name: 'sid' } },
      '__Host-sid',
      'Path=/; HttpOnly; Secure; SameSite=Strict',
    ],
    [
      'a path',
      { refresh: { path: '/auth' } },
      '__Secure-refresh_token',
      'Path=/auth; HttpOnly; Secure; SameSite=Strict',
    ],
    [
      'a domain',
      { domain: 'example.com' },
      '__Secure-refresh_token',
      'Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Strict',
    ],
    [
      'other sites’ requests',
      { sameSite: 'none' },
      '__Host-refresh_token',
      'Path=/; HttpOnly; Secure; SameSite=None',
    ],
    [
      'links from elsewhere',
      { sameSite: 'lax' },
      '__Host-refresh_token',
      'Path=/; HttpOnly; Secure; SameSite=Lax',
    ],
    ['plain HTTP', { secure: false }, 'refresh_token', 'Path=/; HttpOnly; SameSite=Strict'],
    [
      'everything at once',
      {
        secure: false,
        sameSite: 'lax',
        domain: 'localhost',
        refresh: { name: 'r', path: '/auth' },
      },
      'r',
      'Domain=localhost; Path=/auth; HttpOnly; SameSite=Lax',
    ],
  ])(
    'for %s are the same on login, rotation and deletion',
    async (_what, cookies, name, expected) => {
      await withTestApp({ database: sqliteKind, adapter, options: { cookies } }, async (test) => {
        const body = { username: 'ada', password: PASSWORD };
        // The jar refuses a cookie for another domain, as browsers do.
        const loseResponse = true;
        const login = await test.client().post('/auth/register', { body, loseResponse });
        const cookie = `${name}=${cookieSetBy(login, name)}`;
        const rotation = await test.client().post('/auth/refresh', { cookie, loseResponse });
        const logout = await test.client().post('/auth/logout', { cookie, loseResponse });

        expect([login.status, rotation.status, logout.status]).toEqual([201, 200, 204]);
        const lines = [login, rotation, logout].flatMap(({ setCookies }) => setCookies);
        const namesSet = lines.map((line) => line.split('=')[0]);
        const device = `${/^__(Host|Secure)-/.exec(name)?.[0] ?? ''}device_token`;
        expect(namesSet).toEqual([name, device, name, name]);
        for (const line of lines) {
          const [, ...attributes] = line.split('; ');
          const lasting = attributes.filter((attribute) => !/^(Max-Age|Expires)=/.test(attribute));
          expect(lasting.toSorted()).toEqual(expected.split('; ').toSorted());
        }
        expect(login.setCookies[0]).toContain('Max-Age=604800');
        expect(logout.setCookies[0]).toContain('Max-Age=0');
      });
    },
  );

  it('with a path keep the cookie away from the rest of the app', async () => {
    const cookies = { refresh: { path: '/auth' } };
    await withTestApp({ database: sqliteKind, adapter, options: { cookies } }, async (test) => {
      const { client } = await test.loggedIn();
      expect(await client.jar.getCookieString(`${test.url}/guarded`)).toBe('');
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect((await client.post('/auth/logout')).status).toBe(204);
      const left = await client.jar.getCookies(`${test.url}/auth/refresh`);
      expect(left.map(({ key }) => key)).toEqual(['__Secure-device_token']);
    });
  });
});
