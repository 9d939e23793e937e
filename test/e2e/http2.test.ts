import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthModule } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const CREDENTIALS = JSON.stringify({ username: 'ada', password: PASSWORD });

describe('over HTTP/2', () => {
  let app: INestApplication;
  let session: ClientHttp2Session;
  let port: string;

  beforeAll(async () => {
    const users = new MemoryUserDirectory();
    await users.add({ username: 'ada', password: PASSWORD });
    const module = await Test.createTestingModule({
      imports: [
        AuthModule.forRoot({
          users,
          store: new MemoryRefreshTokenStore(),
          accessToken: { secret: ACCESS_SECRET },
          refreshToken: { secret: REFRESH_SECRET },
        }),
      ],
    }).compile();
    app = module.createNestApplication(new FastifyAdapter({ http2: true } as object), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    ({ port } = new URL(await app.getUrl()));
    session = connect(`http://localhost:${port}`);
  });
  afterAll(async () => {
    session.close();
    await app.close();
  });

  interface Reply {
    status: number;
    code?: string;
    cookie: string;
  }

  /** `undefined` as a body ends the request with its headers; an empty text ends it with an empty DATA frame. */
  function post(path: string, headers: OutgoingHttpHeaders, body?: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const stream = session.request(
        { ':method': 'POST', ':path': path, ...headers },
        { endStream: body === undefined },
      );
      let text = '';
      let reply: Reply;
      stream.on('response', (got) => {
        const [cookie = ''] = got['set-cookie'] ?? [];
        reply = { status: got[':status']!, cookie: cookie.split(';')[0]! };
      });
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => resolve({ ...reply, ...(text && { code: JSON.parse(text).code }) }));
      stream.on('error', reject);
      if (body !== undefined) stream.end(body);
    });
  }

  const login = (headers: OutgoingHttpHeaders = {}) =>
    post('/auth/login', { ...JSON_TYPE, ...headers }, CREDENTIALS);

  it('JSON needs no content-length', async () => {
    expect((await login()).status).toBe(200);
    const length = { 'content-length': Buffer.byteLength(CREDENTIALS) };
    expect((await login(length)).status).toBe(200);
  });

  it.each([
    ['no body', undefined, {}],
    ['an empty body', '', {}],
    ['no body and a JSON content type, by habit', undefined, JSON_TYPE],
    ['an empty body and a JSON content type', '', JSON_TYPE],
    ['an unexpected JSON body', '{}', JSON_TYPE],
  ])('a refresh and a logout with %s succeed', async (_what, body, headers) => {
    const { cookie } = await login();
    expect((await post('/auth/refresh', { cookie, ...headers }, body)).status).toBe(200);
    expect((await post('/auth/logout', { cookie, ...headers }, body)).status).toBe(204);
  });

  it.each([
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['nobody says what', {}],
  ])('a body that is %s is refused, and changes nothing', async (_what, headers) => {
    const { cookie } = await login();
    for (const path of ['/auth/login', '/auth/refresh', '/auth/logout']) {
      const reply = await post(path, { cookie, ...headers }, CREDENTIALS);
      expect([reply.status, reply.code]).toEqual([400, 'invalid_request']);
    }
    expect((await post('/auth/refresh', { cookie })).status).toBe(200);
  });

  it('unreadable JSON is refused', async () => {
    for (const body of ['{', '', '[]', 'null']) {
      const reply = await post('/auth/login', JSON_TYPE, body);
      expect([reply.status, reply.code]).toEqual([400, 'invalid_request']);
    }
  });

  it('the own origin is taken from :authority, and others are refused', async () => {
    const { cookie } = await login({ origin: `http://localhost:${port}` });
    const from = (headers: OutgoingHttpHeaders) => post('/auth/refresh', { cookie, ...headers });
    expect((await from({ origin: `http://localhost:${port}` })).status).toBe(200);
    expect((await from({ origin: `http://localhost:1${port}` })).code).toBe('csrf_rejected');
    expect((await from({ origin: 'https://evil.example' })).code).toBe('csrf_rejected');
    const authority = { ':authority': 'app.example.com:443', origin: 'https://app.example.com' };
    expect((await from(authority)).status).toBe(200);
    const twoHosts = { ':authority': 'app.example.com', host: 'evil.example' };
    for (const origin of ['https://app.example.com', 'https://evil.example']) {
      expect((await from({ ...twoHosts, origin })).code).toBe('csrf_rejected');
    }
  });
});
