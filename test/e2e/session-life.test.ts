import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import { adapters, COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

const everywhere = databaseKinds.flatMap((database) =>
  adapters.map((adapter) => ({ database, adapter, on: `${database.name}, ${adapter}` })),
);

describe.each(everywhere)('a session on $on', ({ database, adapter }) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database, adapter });
  });
  afterAll(() => test.close());

  it('is started by a login, which returns an access token and sets a hardened cookie', async () => {
    const { username } = await test.loggedIn();
    const client = test.client();
    const response = await client.post('/auth/login', { body: { username, password: PASSWORD } });

    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.setCookies).toHaveLength(2);
    expect(response.setCookies[0]).toMatch(
      /^__Host-refresh_token=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(response.setCookies[1]).toMatch(
      /^__Host-device_token=[\w.-]+; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('refreshes: the first token again gets the identical successor, the successor itself no cookie', async () => {
    const { client } = await test.loggedIn();
    const first = await client.cookie(COOKIE);

    const refreshed = await client.post('/auth/refresh');
    const again = await client.post('/auth/refresh', { cookie: `${COOKIE}=${first}` });
    const successor = cookieSetBy(refreshed, COOKIE);
    expect([refreshed.status, again.status]).toEqual([200, 200]);
    expect(successor).not.toBe(first);
    expect(cookieSetBy(again, COOKIE)).toBe(successor);

    const renewal = await client.post('/auth/refresh');
    expect(renewal.status).toBe(200);
    expect(renewal.setCookies).toEqual([]);
    expect(renewal.body.accessToken).toEqual(expect.any(String));
  });

  it('ends with the reuse of a token past the leeway, while the user’s other session continues', async () => {
    const { client, username, accessToken } = await test.loggedIn();
    const other = test.client();
    await other.post('/auth/login', { body: { username, password: PASSWORD } });
    const stolen = await client.cookie(COOKIE);
    const { body } = await client.post('/auth/refresh');
    test.clock.advance({ seconds: 30 });

    const thief = await test.client().post('/auth/refresh', { cookie: `${COOKIE}=${stolen}` });
    expect([thief.status, thief.body.code]).toEqual([401, 'refresh_reused']);
    expect(cookieSetBy(thief, COOKIE)).toBe('');

    const victim = await client.post('/auth/refresh');
    expect([victim.status, victim.body.code]).toEqual([401, 'session_revoked']);
    for (const bearer of [accessToken, body.accessToken]) {
      const guarded = await client.get('/guarded', { bearer });
      expect([guarded.status, guarded.body.code]).toEqual([401, 'session_revoked']);
    }
    expect((await other.post('/auth/refresh')).status).toBe(200);
  });

  it('is ended by a logout, its access token at once', async () => {
    const { client, accessToken } = await test.loggedIn();
    const cookie = await client.cookie(COOKIE);
    expect((await client.get('/guarded', { bearer: accessToken })).status).toBe(200);

    const logout = await client.post('/auth/logout');
    expect(logout.status).toBe(204);
    expect(logout.setCookies[0]).toMatch(
      /^__Host-refresh_token=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict$/,
    );

    const guarded = await client.get('/guarded', { bearer: accessToken });
    expect([guarded.status, guarded.body.code]).toEqual([401, 'session_revoked']);
    const refresh = await client.post('/auth/refresh', { cookie: `${COOKIE}=${cookie}` });
    expect([refresh.status, refresh.body.code]).toEqual([401, 'session_revoked']);
    expect((await client.post('/auth/logout')).status).toBe(204);
  });
});
