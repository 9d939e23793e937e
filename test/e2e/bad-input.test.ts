import { request } from 'node:http';
import { Body, Controller, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import type { HttpResponse } from '../harness/http-client.js';
import {
  adapters,
  COOKIE,
  PASSWORD,
  startTestApp,
  withTestApp,
  type AdapterName,
  type TestApp,
} from '../harness/test-app.js';

/** A route of the app, with a name that a route of the module has too. */
@Controller('shop')
class ShopController {
  @Post('login')
  login(@Body() body: unknown): unknown {
    return body;
  }
}

const everywhere = [
  ...adapters.map((adapter) => ({ on: adapter, adapter, withCookieParser: false })),
  { on: 'express with cookie-parser', adapter: 'express' as const, withCookieParser: true },
];

const outcomeOf = ({ status, body, setCookies, headers }: HttpResponse) => ({
  status,
  body,
  setCookies,
  caching: headers.get('cache-control'),
});

const refusalNaming = (field: string) => ({
  status: 400,
  body: {
    statusCode: 400,
    error: 'Bad Request',
    message: expect.stringContaining(`${field}: `),
    code: 'invalid_request',
  },
  setCookies: [],
  caching: 'no-store',
});

describe.each(everywhere)('bad input on $on', ({ adapter, withCookieParser }) => {
  let test: TestApp;
  let bearer: string;

  beforeAll(async () => {
    const controllers = [ShopController];
    test = await startTestApp({ database: sqliteKind, adapter, withCookieParser, controllers });
    ({ accessToken: bearer } = await test.loggedIn('ada'));
  });
  afterAll(() => test.close());

  describe.each<[path: string, good: Record<string, string>]>([
    ['/auth/login', { username: 'ada', password: PASSWORD }],
    ['/auth/register', { username: 'eve', password: PASSWORD }],
    ['/auth/password', { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` }],
  ])('sent to %s', (path, good) => {
    const send = (body: unknown, headers: Record<string, string> = {}) =>
      test.client().post(path, { body, bearer, headers });

    it.each<[string, unknown]>([
      ['a list', ['ada']],
      ['an object', { $ne: null }],
      ['a number', 7],
      ['null', null],
      ['true', true],
      ['empty', ''],
      ['endless', 'x'.repeat(1025)],
      ['half a surrogate pair', 'correct horse \ud83d battery'],
      ['left out', undefined],
    ])('is refused with the name of the field when that is %s', async (_what, value) => {
      for (const field of Object.keys(good)) {
        const authResponse = await send({ ...good, [field]: value });
        expect(outcomeOf(authResponse)).toEqual(refusalNaming(field));
      }
    });

    it('is refused with the names of all wrong fields at once', async () => {
      for (const body of [{}, Object.fromEntries(Object.keys(good).map((field) => [field, 7]))]) {
        const authResponse = await send(body);
        for (const field of Object.keys(good))
          expect(outcomeOf(authResponse)).toEqual(refusalNaming(field));
      }
    });

    it.each<[string, string]>([
      ['a list', '[]'],
      ['a list with the expected object', JSON.stringify([good])],
      ['null', 'null'],
      ['a number', '7'],
      ['a text', '"ada"'],
      ['half of it', '{"username":"ada",'],
      ['no JSON at all', 'username=ada&password=secret'],
      ['nothing', ''],
      ['a byte that is no UTF-8', '{"username":"\u00ff'],
      ['fields of the prototype', JSON.stringify(good).replace('{', '{"__proto__":{').concat('}')],
    ])('is refused when the body is %s', async (_what, body) => {
      const authResponse = await send(body);
      expect([authResponse.status, authResponse.body.code]).toEqual([400, 'invalid_request']);
      expect(authResponse.body.message).toMatch(/JSON|username|currentPassword/);
      expect(authResponse.setCookies).toEqual([]);
      expect(({} as Record<string, unknown>).password).toBeUndefined();
    });

    it.each<[string, string]>([
      ['text/plain', JSON.stringify(good)],
      ['application/xml', '<username>ada</username>'],
      ['multipart/form-data; boundary=b', '--b--'],
      ['application/x-www-form-urlencoded', new URLSearchParams(good).toString()],
      ['application/x-www-form-urlencoded', 'username[$ne]=&password[$ne]=&newPassword='],
      ['application/jsonp', JSON.stringify(good)],
    ])('is refused as %s, never with a 500', async (type, body) => {
      const authResponse = await send(body, { 'content-type': type });
      expect([authResponse.status, authResponse.body.code]).toEqual([400, 'invalid_request']);
    });

    it('is refused without any body', async () => {
      const authResponse = await test.client().post(path, { bearer });
      expect([authResponse.status, authResponse.body.code]).toEqual([400, 'invalid_request']);
    });
  });

  it('a username of 255 characters is accepted, one more is not', async () => {
    const client = test.client();
    const register = (username: string) =>
      client.post('/auth/register', { body: { username, password: PASSWORD } });
    expect((await register('u'.repeat(255))).status).toBe(201);
    expect(outcomeOf(await register('u'.repeat(256)))).toEqual(refusalNaming('username'));
  });

  it('unknown fields do no harm', async () => {
    const body = { username: 'ada', password: PASSWORD, roles: ['admin'], constructor: {} };
    const authResponse = await test.client().post('/auth/login', { body });
    expect(authResponse.status).toBe(200);
    const me = await test.client().get('/auth/me', { bearer: authResponse.body.accessToken });
    expect(me.body.roles).toEqual(['user']);
  });

  it('malformed JSON keeps Nest’s own response on the app’s own routes', async () => {
    const { status, body } = await test.client().post('/shop/login', { body: '{"half":' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ statusCode: 400, message: expect.stringMatching(/JSON/) });
    expect(body).not.toHaveProperty('code');
  });

  describe.each<[string, string, code: string]>([
    ['empty', '', 'refresh_missing'],
    ['an empty text in quotes', '""', 'refresh_missing'],
    ['garbage', 'garbage', 'refresh_invalid'],
    ['three dots', '...', 'refresh_invalid'],
    ['JSON of cookie-parser', 'j:{"$ne":null}', 'refresh_invalid'],
    ['JSON of cookie-parser, encoded', 'j%3A%7B%22a%22%3A1%7D', 'refresh_invalid'],
    ['a signed cookie of cookie-parser', 's:value.signature', 'refresh_invalid'],
    ['8 KB', 'x'.repeat(8192), 'refresh_invalid'],
    ['8 KB of dots', '.'.repeat(8192), 'refresh_invalid'],
    ['bytes that are no UTF-8', '\xff\xfe\xc3', 'refresh_invalid'],
    ['half an escape', '%E0%A4%A', 'refresh_invalid'],
    ['no escape', '%zz', 'refresh_invalid'],
    ['a quoted text', '"quoted"', 'refresh_invalid'],
    ['one quote', '"', 'refresh_invalid'],
    ['a JWT of nobody', 'eyJhbGciOiJub25lIn0.e30.', 'refresh_invalid'],
    ['__proto__', '__proto__', 'refresh_invalid'],
  ])('a refresh cookie that is %s', (_what, value, code) => {
    it(`is ${code} on refresh and accepted on logout`, async () => {
      const cookie = `before=1; ${COOKIE}=${value}; after=2`;
      const refresh = await test.client().post('/auth/refresh', { cookie });
      expect([refresh.status, refresh.body.code]).toEqual([401, code]);
      expect(refresh.setCookies).toEqual([]);
      expect(refresh.headers.get('cache-control')).toBe('no-store');

      const logout = await test.client().post('/auth/logout', { cookie });
      expect([logout.status, logout.body]).toEqual([204, undefined]);
    });
  });

  it('a login succeeds whatever cookie comes with it', async () => {
    for (const value of ['garbage', 'j:{"a":1}', '%zz', '"', 'x'.repeat(8192)]) {
      const body = { username: 'ada', password: PASSWORD };
      const authResponse = await test
        .client()
        .post('/auth/login', { body, cookie: `${COOKIE}=${value}` });
      expect(authResponse.status).toBe(200);
    }
  });

  it('headers of 16 KB are refused before they cost anything', async () => {
    const cookie = `${COOKIE}=${'x'.repeat(17_000)}`;
    expect((await test.client().post('/auth/refresh', { cookie })).status).toBe(431);
  });

  it.each(['/guarded', '/auth/me'])('two Authorization headers are refused by %s', async (path) => {
    const { port } = new URL(test.url);
    const send = (...tokens: string[]) =>
      new Promise<{ status: number; body: { code?: string } }>((resolve, reject) => {
        const headers = tokens.flatMap((token) => ['Authorization', `Bearer ${token}`]);
        request(
          { host: '127.0.0.1', port, path, headers: ['Host', 'localhost', ...headers] },
          (response) => {
            let text = '';
            response.on('data', (chunk) => (text += chunk));
            response.on('end', () =>
              resolve({ status: response.statusCode!, body: JSON.parse(text) }),
            );
          },
        )
          .on('error', reject)
          .end();
      });
    expect(await send(bearer)).toMatchObject({ status: 200 });
    expect(await send(bearer, bearer)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(await send(bearer, 'x')).toMatchObject({ status: 400 });
  });

  it.each([
    ['', 'token_missing'],
    ['Bearer', 'token_missing'],
    ['Basic YWRhOnB3', 'token_missing'],
    ['Bearer x', 'token_invalid'],
    [`Bearer ${'x'.repeat(9000)}`, 'token_invalid'],
    [`Bearer${'x'.repeat(12_000)}`, 'token_invalid'],
    ['Bearer \xff\xfe', 'token_invalid'],
    ['Bearer undefined', 'token_invalid'],
    ['Bearer [object Object]', 'token_invalid'],
  ])('an Authorization header "%.20s" is %s', async (authorization, code) => {
    const authResponse = await test.client().get('/guarded', { headers: { authorization } });
    expect([authResponse.status, authResponse.body.code]).toEqual([401, code]);
  });
});

/** Many clients always send JSON as the content type. */
async function withoutBody(adapter: AdapterName): Promise<number[]> {
  return withTestApp({ database: sqliteKind, adapter }, async (test) => {
    const { client } = await test.loggedIn();
    const statuses: number[] = [];
    for (const route of ['refresh', 'logout']) {
      const headers = { 'content-type': 'application/json' };
      statuses.push((await client.post(`/auth/${route}`, { headers })).status);
    }
    return statuses;
  });
}

describe('an empty body announced as JSON is accepted where no body is needed', () => {
  it('on express', async () => {
    expect(await withoutBody('express')).toEqual([200, 204]);
  });

  // Fastify refuses an empty body of this type.
  it('on fastify', async () => {
    expect(await withoutBody('fastify')).toEqual([200, 204]);
  });
});

describe.each(adapters)('a path that can not be decoded on %s', (adapter) => {
  it('is reported as a bad path, not as a bad body', async () => {
    await withTestApp({ database: sqliteKind, adapter }, async (test) => {
      const { client, accessToken: bearer } = await test.loggedIn();
      for (const id of ['%', '%zz', '%E0%A4%A']) {
        const authResponse = await client.delete(`/auth/sessions/${id}`, { bearer });
        expect(authResponse.status).toBe(400);
        expect(authResponse.body.message).toMatch(/path|url/);
        expect(authResponse.body.message).not.toMatch(/body/);
      }
    });
  });
});

async function withNul(database: typeof sqliteKind): Promise<number[]> {
  return withTestApp({ database }, async (test) => {
    const { client, accessToken: bearer } = await test.loggedIn();
    const body = { username: 'a\u0000b', password: PASSWORD };
    const statuses = [
      (await client.delete('/auth/sessions/%00', { bearer })).status,
      (await client.post('/auth/login', { body })).status,
    ];
    return statuses;
  });
}

const storesNoNul = ({ name }: { name: string }) => name === 'PostgreSQL';

describe('a text with a NUL in it causes no outage', () => {
  it.each(databaseKinds.filter((kind) => !storesNoNul(kind)))('on $name', async (database) => {
    expect(await withNul(database)).not.toContain(503);
  });

  // The database's error counts as a failure of the store.
  for (const database of databaseKinds.filter(storesNoNul)) {
    it(`on ${database.name}`, async () => {
      expect(await withNul(database)).not.toContain(503);
    });
  }
});
