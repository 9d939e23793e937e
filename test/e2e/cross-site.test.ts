import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import { adapters, COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

const APP = 'https://app.example.com';

describe.each(adapters)('a request that another site made the browser send, on %s,', (adapter) => {
  let test: TestApp;

  beforeAll(async () => {
    const options = { allowedOrigins: [APP] };
    test = await startTestApp({ database: sqliteKind, adapter, options });
  });
  afterAll(() => test.close());

  const everything = async () => ({
    sessions: await test.sessions.find(),
    users: await test.users.find(),
  });

  const fromElsewhere: [string, Record<string, string>][] = [
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
    [
      'Sec-Fetch-Site: cross-site with our own origin',
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' },
    ],
    ['Origin: null', { origin: 'null' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an allowed origin with more behind it', { origin: `${APP}.evil.example` }],
    ['an allowed origin with more before it', { origin: 'https://evil-app.example.com' }],
    ['an allowed origin at another port', { origin: `${APP}:8443` }],
    ['an allowed origin over plain HTTP', { origin: 'http://app.example.com' }],
    ['another port of our host', { origin: 'http://localhost:1' }],
  ];

  it.each(fromElsewhere)('changes nothing: %s', async (_what, headers) => {
    const { client, username } = await test.loggedIn();
    const before = await everything();
    const credentials = { username, password: PASSWORD };
    for (const [route, body] of [
      ['login', credentials],
      ['refresh', undefined],
      ['logout', undefined],
      ['register', { username: 'planted', password: PASSWORD }],
    ] as const) {
      const response = await client.post(`/auth/${route}`, { headers, body });
      expect([route, response.status, response.body.code]).toEqual([route, 403, 'csrf_rejected']);
      expect(response.setCookies).toEqual([]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['application/x-www-form-urlencoded', `username=ada&password=${encodeURIComponent(PASSWORD)}`],
    ['multipart/form-data; boundary=b', '--b--'],
    ['text/plain', '{"username":"ada","password":"x"}'],
  ])('changes nothing as a form of type %s, which needs no preflight', async (type, body) => {
    const { client } = await test.loggedIn();
    const before = await everything();
    const headers = { 'content-type': type, origin: 'https://evil.example' };
    for (const route of ['login', 'refresh', 'logout', 'register']) {
      const response = await client.post(`/auth/${route}`, { headers, body });
      // A body that is no JSON is refused before its origin is checked.
      expect([400, 403]).toContain(response.status);
      expect(response.setCookies).toEqual([]);
    }
    expect(await everything()).toEqual(before);
  });

  it.each<[string, Record<string, string>]>([
    ['the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['an allowed origin', { 'sec-fetch-site': 'cross-site', origin: APP }],
    ['an allowed origin in an older browser', { origin: APP }],
    ['a program that is no browser', {}],
  ])('is distinguished from one from %s', async (_what, headers) => {
    const { client, username } = await test.loggedIn();
    const body = { username, password: PASSWORD };
    const statuses: number[] = [];
    for (const route of ['refresh', 'logout', 'login'] as const) {
      const options = { headers, ...(route === 'login' ? { body } : {}) };
      statuses.push((await client.post(`/auth/${route}`, options)).status);
    }
    expect(statuses).toEqual([200, 204, 200]);
  });

  it('is distinguished from one of the own origin by host and port', async () => {
    const { client } = await test.loggedIn();
    const refresh = (origin: string) => client.post('/auth/refresh', { headers: { origin } });
    expect((await refresh(test.url)).status).toBe(200);
    expect((await refresh(test.url.replace('localhost', '127.0.0.1'))).status).toBe(403);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])(
    'can’t bypass the check as %s: there is no such route',
    async (method) => {
      const { client, accessToken } = await test.loggedIn();
      const before = await everything();
      for (const route of ['login', 'refresh', 'logout', 'logout-all', 'password', 'register']) {
        const response = await client.request(method, `/auth/${route}`, { bearer: accessToken });
        expect([route, response.status, response.setCookies]).toEqual([route, 404, []]);
      }
      expect(await everything()).toEqual(before);
      expect(await client.cookie(COOKIE)).not.toBeNull();
    },
  );

  it('gets no CORS header from this module', async () => {
    const { client } = await test.loggedIn();
    for (const origin of [APP, 'https://evil.example']) {
      const { headers } = await client.post('/auth/refresh', { headers: { origin } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});
