import { APP_GUARD } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { JwtAuthGuard } from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import type { HttpResponse } from '../harness/http-client.js';
import { adapters, PASSWORD, withTestApp } from '../harness/test-app.js';

const challengeOf = async (response: Promise<HttpResponse>) =>
  (await response).headers.get('www-authenticate');

describe.each(adapters)('every response under /auth on %s', (adapter) => {
  it('forbids caching, whatever it is', async () => {
    await withTestApp({ database: sqliteKind, adapter }, async (test) => {
      const { client, accessToken: bearer, username } = await test.loggedIn();
      const taken = { username, password: PASSWORD };
      const [{ id }] = (await client.get('/auth/sessions', { bearer })).body;
      const responses = [
        await client.get('/auth/me', { bearer }),
        await client.get('/auth/me'),
        await client.get('/auth/sessions', { bearer }),
        await client.get('/auth/sessions', { bearer: 'bad' }),
        await client.delete('/auth/sessions/unknown', { bearer }),
        await client.delete(`/auth/sessions/${id}`),
        await client.post('/auth/password', { bearer, body: {} }),
        await client.post('/auth/register', { body: taken }),
        await client.post('/auth/login', { body: { username, password: 'wrong' } }),
        await client.post('/auth/login', { headers: { origin: 'null' } }),
        await client.post('/auth/refresh'),
        await client.post('/auth/refresh', { cookie: '' }),
        await client.post('/auth/logout', { cookie: '' }),
        await client.post('/auth/logout-all', { bearer }),
        await client.post('/auth/logout-all', { bearer }),
        await client.post('/auth/login', { body: taken }),
        await client.post('/auth/logout'),
      ];
      expect(responses.map(({ status }) => status)).toEqual([
        200, 401, 200, 401, 404, 401, 400, 409, 401, 403, 200, 401, 204, 204, 401, 200, 204,
      ]);
      for (const { headers } of responses) expect(headers.get('cache-control')).toBe('no-store');
    });
  });

  it('has a challenge if its status needs one: 401 always, others never', async () => {
    await withTestApp({ database: sqliteKind, adapter }, async (test) => {
      const { client, accessToken: bearer } = await test.loggedIn();
      expect(await challengeOf(client.get('/auth/me'))).toBe('Bearer');
      expect(await challengeOf(client.get('/auth/me', { bearer: 'bad' }))).toMatch(/invalid_token/);
      expect(await challengeOf(client.post('/auth/refresh', { cookie: '' }))).toBe('Bearer');
      const body = { username: 'nobody', password: PASSWORD };
      expect(await challengeOf(client.post('/auth/login', { body }))).toBe('Bearer');
      expect(await challengeOf(client.post('/auth/login', { body: {} }))).toBeNull();
      expect(await challengeOf(client.delete('/auth/sessions/unknown', { bearer }))).toBeNull();
      expect(await challengeOf(client.get('/auth/me', { bearer }))).toBeNull();
    });
  });

  // The app's guard refuses before any guard of the module is called.
  it('forbids caching, even if an app-wide guard refuses', async () => {
    const providers = [{ provide: APP_GUARD, useClass: JwtAuthGuard }];
    await withTestApp({ database: sqliteKind, adapter, providers }, async (test) => {
      const { status, headers } = await test.client().get('/auth/me');

      expect([status, headers.get('cache-control')]).toEqual([401, 'no-store']);
    });
  });

  // A body that can't be parsed fails before any guard.
  it('forbids caching, even if the body can’t be read', async () => {
    await withTestApp({ database: sqliteKind, adapter }, async (test) => {
      const { status, headers } = await test.client().post('/auth/login', { body: '{' });

      expect([status, headers.get('cache-control')]).toEqual([400, 'no-store']);
    });
  });
});
