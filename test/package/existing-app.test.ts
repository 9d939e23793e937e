import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { HttpClient, type HttpResponse } from '../harness/http-client.js';
import { createConsumerApp, type ConsumerApp, type RunningApp } from './consumer-app.js';
import { packPackage, type PackedPackage } from './packed-package.js';

const email = 'Ada@example.com';
const password = 'correct horse battery staple';

describe('the documented app that has users already', () => {
  let packed: PackedPackage | undefined;
  let consumer: ConsumerApp;
  let app: RunningApp;
  beforeAll(async () => {
    packed = await packPackage();
    consumer = await createConsumerApp(packed, 'module', 'existing-app');
    await consumer.compile();
    await consumer.run('seed.js', { ADMIN_EMAIL: email, ADMIN_PASSWORD: password });
    app = await consumer.start('main.js');
  });
  afterAll(async () => {
    await consumer?.remove();
    await packed?.remove();
  });

  async function signedIn() {
    const client = new HttpClient(app.url);
    const login = await client.post('/api/auth/login', { body: { username: email, password } });
    return { client, status: login.status, bearer: login.body.accessToken as string };
  }

  it('seeds its admin once', async () => {
    await consumer.run('seed.js', { ADMIN_EMAIL: email, ADMIN_PASSWORD: 'another password' });
    expect((await signedIn()).status).toBe(200);
  });

  it('logs in by e-mail under the global prefix, and finds the user by a numeric id', async () => {
    const { client, bearer } = await signedIn();
    const profile = await client.get('/api/profile', { bearer });
    expect(profile.body).toEqual({ id: 1, email: 'ada@example.com', roles: ['admin'] });
    expect((await client.post('/auth/login')).status).toBe(404);
    expect((await client.post('/api/auth/refresh')).status).toBe(200);
  });

  it('keeps code and headers of errors through its exception filter', async () => {
    const client = new HttpClient(app.url);
    const wrong = { username: email, password: 'a wrong password' };
    const failed = await client.post('/api/auth/login', { body: wrong });
    expect(failed.body).toEqual({
      status: 401,
      code: 'invalid_credentials',
      message: expect.any(String),
    });
    const refused = await client.get('/api/profile');
    expect([refused.body.code, refused.headers.get('www-authenticate')]).toEqual([
      'token_missing',
      expect.stringContaining('Bearer'),
    ]);
  });

  it('refuses a bad body in its own words, in spite of the validation pipe', async () => {
    const client = new HttpClient(app.url);
    const body = { username: email, password: 12, more: true };
    expect(statusAndBody(await client.post('/api/auth/login', { body }))).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('throttles its own routes, and leaves refreshes to the module', async () => {
    const { client } = await signedIn();
    const refreshes = [];
    for (let i = 0; i < 25; i += 1) refreshes.push(await client.post('/api/auth/refresh'));
    expect(new Set(refreshes.map(({ status }) => status))).toEqual(new Set([200]));

    const profiles = [];
    for (let i = 0; i < 25; i += 1) profiles.push(await client.get('/api/profile'));
    expect(profiles.at(-1)!.status).toBe(429);
  });

  it('ends the sessions of a user who is switched off', async () => {
    const { client } = await signedIn();
    const database = new DataSource({
      type: 'better-sqlite3',
      database: join(consumer.folder, 'app.sqlite'),
    });
    await database.initialize();
    await database.query('UPDATE users SET is_active = 0');
    await database.destroy();
    expect(statusAndBody(await client.post('/api/auth/refresh'))).toEqual([401, 'session_revoked']);
  });
});

/** The status and the code of an error. */
function statusAndBody({ status, body }: HttpResponse): [number, unknown] {
  return [status, body?.code];
}
