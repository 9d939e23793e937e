import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { createAuthClient, type AuthClient } from '../../src/client/index.js';
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

  const browserClient = (): AuthClient => createAuthClient({ baseUrl: `${app.url}/api` });

  async function signedIn() {
    const client = new HttpClient(app.url);
    const login = await client.post('/api/auth/login', { body: { username: email, password } });
    return { client, status: login.status, bearer: login.body.accessToken as string };
  }

  it('seeds its admin once', async () => {
    await consumer.run('seed.js', { ADMIN_EMAIL: email, ADMIN_PASSWORD: 'another password' });
    expect((await signedIn()).status).toBe(200);
  });

  it('says in one line why it seeds nobody', async () => {
    const ADMIN_EMAIL = 'grace@example.com';
    await expect(consumer.run('seed.js', { ADMIN_EMAIL })).rejects.toMatchObject({
      code: 1,
      stderr: 'Set ADMIN_EMAIL and ADMIN_PASSWORD.\n',
    });
    const weak = { ADMIN_EMAIL, ADMIN_PASSWORD: 'short' };
    await expect(consumer.run('seed.js', weak)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^.*at least 15 characters.*\n$/),
    });
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
      code: 'invalid_credentials',
      error: { status: 401, message: expect.any(String) },
    });
    const refused = await client.get('/api/profile');
    expect([refused.body.code, refused.headers.get('www-authenticate')]).toEqual([
      'token_missing',
      expect.stringContaining('Bearer'),
    ]);
  });

  it('lets the browser client read why a login failed, through its exception filter', async () => {
    const auth = browserClient();
    await expect(
      auth.login({ username: email, password: 'a wrong password' }),
    ).rejects.toMatchObject({ code: 'invalid_credentials', status: 401 });
    auth.dispose();
  });

  it('has routes that the browser client reaches relative to the prefix', async () => {
    const auth = browserClient();
    await auth.login({ username: email, password });
    const statuses = [];
    for (const url of ['profile', '/api/profile', '/profile']) {
      statuses.push((await auth.fetch(url)).status);
    }
    auth.dispose();
    expect(statuses).toEqual([200, 200, 404]);
  });

  it('refuses a bad body in its own words, in spite of the validation pipe', async () => {
    const client = new HttpClient(app.url);
    const body = { username: email, password: 12, more: true };
    expect(statusAndBody(await client.post('/api/auth/login', { body }))).toEqual([
      400,
      'invalid_request',
    ]);
    const unreadable = await client.post('/api/auth/login', { body: '{"username":' });
    expect(statusAndBody(unreadable)).toEqual([400, 'invalid_request']);
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

  describe('with sign-up, and entities and tables that come by themselves', () => {
    let withSignUp: RunningApp;
    beforeAll(async () => {
      withSignUp = await consumer.start('with-sign-up.js');
    });
    const signUp = (body: object) => new HttpClient(withSignUp.url).post('/sign-up', { body });
    const register = (body: object) =>
      new HttpClient(withSignUp.url).post('/auth/register', { body });

    it('registers by e-mail, and gives the user a numeric id', async () => {
      const client = new HttpClient(withSignUp.url);
      const body = { username: 'Grace@example.com', password };
      const { status, body: registered } = await client.post('/auth/register', { body });
      const me = await client.get('/auth/me', { bearer: registered.accessToken });
      expect([status, me.body.email, me.body.id]).toEqual([
        201,
        'grace@example.com',
        expect.stringMatching(/^\d+$/),
      ]);
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect(statusAndBody(await register(body))).toEqual([409, 'username_taken']);
    });

    it('refuses to register what is no e-mail, with the app’s sentence', async () => {
      const refused = await register({ username: 'grace', password });
      expect(refused.body).toEqual({
        code: 'invalid_request',
        error: { status: 400, message: 'username: must be an e-mail address' },
      });
    });

    it('ignores further fields of a registration, which the pipe would forbid', async () => {
      const body = { username: 'edith@example.com', password, role: 'admin' };
      const { status, body: registered } = await register(body);
      const me = await new HttpClient(withSignUp.url).get('/auth/me', {
        bearer: registered.accessToken,
      });
      expect([status, me.body.roles]).toEqual([201, ['member']]);
    });

    it('signs up by a route of its own, whose session goes on', async () => {
      const client = new HttpClient(withSignUp.url);
      const body = { email: 'Hedy@example.com', password, acceptsTerms: true };
      const signedUp = await client.post('/sign-up', { body });
      expect(signedUp.status).toBe(201);
      const me = await client.get('/auth/me', { bearer: signedUp.body.accessToken });
      expect(me.body).toMatchObject({ email: 'hedy@example.com', roles: ['member'] });
      expect((await client.post('/auth/refresh')).status).toBe(200);
      const login = { username: 'hedy@example.com', password };
      expect((await client.post('/auth/login', { body: login })).status).toBe(200);
      expect((await signUp(body)).status).toBe(409);
    });

    it('refuses a sign-up by its pipe, and a weak password by the policy', async () => {
      const body = { email: 'radia@example.com', password: 'short', acceptsTerms: true };
      expect((await signUp({ ...body, acceptsTerms: false })).status).toBe(400);
      const weak = await signUp(body);
      expect([...statusAndBody(weak), weak.body.error.message]).toEqual([
        400,
        'invalid_request',
        expect.stringContaining('at least 15 characters'),
      ]);
    });

    it('ends sessions from the service that the directory uses', async () => {
      const body = { email: 'joan@example.com', password, acceptsTerms: true };
      const client = new HttpClient(withSignUp.url);
      const { accessToken: bearer } = (await client.post('/sign-up', { body })).body as {
        accessToken: string;
      };
      const { id } = (await client.get('/auth/me', { bearer })).body as { id: string };
      expect((await client.post(`/disable/${id}`)).status).toBe(201);
      expect(statusAndBody(await client.get('/auth/me', { bearer }))).toEqual([
        401,
        'session_revoked',
      ]);
    });

    it('says of a circle without forwardRef what the FAQ says', async () => {
      expect(await consumer.run('in-a-circle.js')).toMatch(/circular dependency has been detected/);
    });
  });
});

/** The status and the code of an error. */
function statusAndBody({ status, body }: HttpResponse): [number, unknown] {
  return [status, body?.code];
}
