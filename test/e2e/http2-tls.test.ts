import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthModule } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { selfSigned } from '../harness/self-signed.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';

const CREDENTIALS = JSON.stringify({ username: 'ada', password: PASSWORD });

interface Reply {
  status: number;
  code?: string;
  accessToken?: string;
  setCookies: string[];
}

type Post = (path: string, headers?: Record<string, string>, body?: string) => Promise<Reply>;

const replyOf = (status: unknown, setCookies: string[] | undefined, text: string): Reply => ({
  status: status as number,
  setCookies: setCookies ?? [],
  ...(text && (JSON.parse(text) as object)),
});

const cookieOf = ({ setCookies }: Reply, name: string) =>
  setCookies.find((line) => line.startsWith(name))!.split(';', 1)[0]!;

describe('over TLS', () => {
  let app: INestApplication;
  let session: ClientHttp2Session;
  let origin: string;

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
          cookies: { access: true },
        }),
      ],
    }).compile();
    const https = { ...selfSigned('localhost'), allowHTTP1: true };
    app = module.createNestApplication(new FastifyAdapter({ http2: true, https } as object), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    const { port } = new URL(await app.getUrl());
    origin = `https://localhost:${port}`;
    session = connect(`https://127.0.0.1:${port}`, {
      servername: 'localhost',
      rejectUnauthorized: false,
    });
  });
  afterAll(async () => {
    session.close();
    await app.close();
  });

  const byHttp2: Post = (path, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const sent: OutgoingHttpHeaders = {
        ':method': 'POST',
        ':path': path,
        ':authority': new URL(origin).host,
        ...headers,
      };
      const stream = session.request(sent, { endStream: body === undefined });
      let text = '';
      stream.setEncoding('utf8');
      stream.on('response', (got) => {
        stream.on('data', (chunk: string) => (text += chunk));
        stream.on('end', () => resolve(replyOf(got[':status'], got['set-cookie'], text)));
      });
      stream.on('error', reject);
      if (body !== undefined) stream.end(body);
    });

  const byHttp1: Post = (path, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const { host, port } = new URL(origin);
      const sent = httpsRequest(
        {
          host: '127.0.0.1',
          port,
          path,
          method: 'POST',
          headers: { host, ...headers },
          servername: 'localhost',
          rejectUnauthorized: false,
          agent: false,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve(replyOf(response.statusCode, response.headers['set-cookie'], text)),
          );
        },
      );
      sent.on('error', reject).end(body);
    });

  describe.each<[string, Post]>([
    ['HTTP/2', byHttp2],
    ['HTTP/1.1', byHttp1],
  ])('%s', (_version, post) => {
    const login = (headers: Record<string, string> = {}) =>
      post('/auth/login', { 'content-type': 'application/json', ...headers }, CREDENTIALS);

    it('every cookie is Secure, and has no Domain', async () => {
      const { status, setCookies } = await login();
      expect([status, setCookies.length]).toEqual([200, 3]);
      for (const line of setCookies) {
        expect(line).toMatch(
          /^__Host-\w+=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/i,
        );
      }
    });

    it('a session is refreshed, used and ended from the own origin', async () => {
      const begun = await login({ origin });
      const cookie = cookieOf(begun, '__Host-refresh_token');
      const renewed = await post('/auth/refresh', { cookie, origin });
      expect(renewed.status).toBe(200);
      const access = cookieOf(renewed, '__Host-access_token');
      const next = cookieOf(renewed, '__Host-refresh_token');
      const refused = await post('/auth/logout-all', {
        cookie: access,
        origin: 'https://evil.example',
      });
      expect([refused.status, refused.code]).toEqual([403, 'csrf_rejected']);
      expect((await post('/auth/logout-all', { cookie: access, origin })).status).toBe(204);
      expect((await post('/auth/refresh', { cookie: next, origin })).code).toBe('session_revoked');
    });

    it('other origins, another port and a missing port are refused', async () => {
      const cookie = cookieOf(await login(), '__Host-refresh_token');
      for (const from of ['https://evil.example', 'https://localhost', `${origin}0`, 'null']) {
        expect((await post('/auth/refresh', { cookie, origin: from })).code).toBe('csrf_rejected');
      }
      const site = { cookie, origin, 'sec-fetch-site': 'cross-site' };
      expect((await post('/auth/refresh', site)).code).toBe('csrf_rejected');
      expect((await post('/auth/refresh', { cookie })).status).toBe(200);
    });
  });
});
