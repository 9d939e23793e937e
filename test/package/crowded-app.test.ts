import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cookieKeepingClient } from '../harness/cookie-keeping-client.js';
import { HttpClient, type HttpResponse } from '../harness/http-client.js';
import { adapters } from '../harness/test-app.js';
import { createConsumerApp, type ConsumerApp, type RunningApp } from './consumer-app.js';
import { COOKIE } from './consumer-client.js';
import { packPackage, type PackedPackage } from './packed-package.js';

const password = 'correct horse battery staple';
const newPassword = 'staple battery horse correct';
const HOUR_MS = 3_600_000;
/** More than the throttler of the app lets through in an hour. */
const TOO_MANY = 31;

let packed: PackedPackage | undefined;
let consumer: ConsumerApp;
beforeAll(async () => {
  packed = await packPackage();
  consumer = await createConsumerApp(packed, 'module', 'existing-app');
  await consumer.compile();
});
afterAll(async () => {
  await consumer?.remove();
  await packed?.remove();
});

let people = 0;
const newEmail = () => `Person${(people += 1)}@example.com`;

const startOn = (adapter: string, environment: Record<string, string> = {}) => {
  const DATABASE = `crowded-${adapter}-${environment.ENVELOPE ?? 'data'}.sqlite`;
  return consumer.start('crowded/main.js', { ADAPTER: adapter, DATABASE, ...environment });
};

/** The status, and the code of an error: the app's filter leaves it in the header alone. */
const outcome = ({ status, headers }: HttpResponse) => [status, headers.get('auth-error-code')];

describe.each(adapters)('an app with everything people have, on %s,', (adapter) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startOn(adapter);
  });
  afterAll(() => app?.stop());
  beforeEach(() => fault('over'));

  async function registered(displayName = 'Ada') {
    const client = new HttpClient(app.url);
    const body = { username: newEmail(), password, displayName, acceptsTerms: true };
    const response = await client.post('/api/auth/register', { body });
    expect(outcome(response)).toEqual([201, null]);
    return { client, username: body.username, bearer: response.body.data.accessToken as string };
  }
  const login = (username: string, pass = password, client = new HttpClient(app.url)) =>
    client.post('/api/auth/login', { body: { username, password: pass } });

  async function signedInByClient() {
    const browser = cookieKeepingClient(`${app.url}/api`);
    const { username } = await registered();
    await browser.client.login({ username, password });
    return browser;
  }
  const fault = (what: string) => new HttpClient(app.url).post(`/api/faults/${what}`);

  it('registers with a field of its own, in spite of the pipe that forbids it', async () => {
    const { client, bearer, username } = await registered();
    const { body } = await client.get('/api/auth/me', { bearer });
    expect(body.data).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      email: username.toLowerCase(),
      displayName: 'Ada',
    });
  });

  it('refuses a registration by its schema', async () => {
    const body = { username: newEmail(), password, displayName: 'Ada', acceptsTerms: false };
    const refused = await new HttpClient(app.url).post('/api/auth/register', { body });
    expect(outcome(refused)).toEqual([400, 'invalid_request']);
  });

  it('tells a wrong password, a missing token and a forged one apart by the header', async () => {
    const { username, bearer, client } = await registered();
    expect(outcome(await login(username, newPassword))).toEqual([401, 'invalid_credentials']);
    expect(outcome(await client.get('/api/members/me'))).toEqual([401, 'token_missing']);
    const forged = await client.get('/api/members/me', { bearer: `${bearer.slice(0, -3)}xyz` });
    expect(outcome(forged)).toEqual([401, 'token_invalid']);
  });

  it('refreshes, and finds out a token that was copied', async () => {
    const { client } = await registered();
    const copy = await client.jar.getCookieString(app.url);
    const refreshed = await client.post('/api/auth/refresh');
    expect([refreshed.status, refreshed.body.data.expiresIn]).toEqual([200, 900]);
    const thief = new HttpClient(app.url);
    expect(outcome(await thief.post('/api/auth/refresh', { cookie: copy }))).toEqual([
      401,
      'refresh_reused',
    ]);
    expect(outcome(await client.post('/api/auth/refresh'))).toEqual([401, 'session_revoked']);
  });

  it('guards by role, and gives the route a number', async () => {
    const { client, bearer } = await registered();
    expect(outcome(await client.get('/api/members/7', { bearer }))).toEqual([
      403,
      'insufficient_role',
    ]);
    const admin = await registered('Root');
    const one = await admin.client.get('/api/members/7', { bearer: admin.bearer });
    expect(one.body).toEqual({ data: { isNumber: true, id: 7 } });
  });

  it('checks and serializes what is its own', async () => {
    const { client, bearer, username } = await registered();
    const rename = (body: object) => client.request('PATCH', '/api/members/me', { bearer, body });
    expect((await rename({ displayName: 'Countess', role: 'admin' })).status).toBe(400);
    expect((await rename({ displayName: 'Countess' })).body.data).toEqual({
      displayName: 'Countess',
    });
    const me = await client.get('/api/members/me', { bearer });
    expect(me.body.data).toEqual({
      id: expect.any(Number),
      email: username.toLowerCase(),
      displayName: 'Countess',
      role: 'member',
    });
  });

  it('lists sessions, and ends one', async () => {
    const { client, bearer, username } = await registered();
    const phone = new HttpClient(app.url);
    const phoneToken = (await login(username, password, phone)).body.data.accessToken as string;
    const list = await client.get('/api/auth/sessions', { bearer });
    const sessions = list.body.data as { id: string; current: boolean; createdAt: string }[];
    expect(sessions.map(({ current }) => current).toSorted()).toEqual([false, true]);
    expect(sessions.map(({ createdAt }) => new Date(createdAt).toJSON())).toEqual(
      sessions.map(({ createdAt }) => createdAt),
    );
    const { id } = sessions.find(({ current }) => !current)!;
    expect((await client.delete(`/api/auth/sessions/${id}`, { bearer })).status).toBe(204);
    expect(outcome(await phone.get('/api/members/me', { bearer: phoneToken }))).toEqual([
      401,
      'session_revoked',
    ]);
    expect(outcome(await client.delete('/api/auth/sessions/12', { bearer }))).toEqual([
      404,
      'session_not_found',
    ]);
  });

  it('changes a password, and logs out', async () => {
    const { client, bearer, username } = await registered();
    const body = { currentPassword: password, newPassword };
    expect((await client.post('/api/auth/password', { bearer, body })).status).toBe(204);
    expect((await client.post('/api/auth/refresh')).status).toBe(200);
    expect((await login(username, newPassword)).status).toBe(200);
    expect((await client.post('/api/auth/logout')).status).toBe(204);
    expect(await client.cookie(COOKIE)).toBeNull();
    expect(outcome(await client.get('/api/members/me', { bearer }))).toEqual([
      401,
      'session_revoked',
    ]);
  });

  it('compresses tokens, and lets nobody keep them', async () => {
    const { username } = await registered();
    const { headers } = await login(username);
    expect(headers.get('content-encoding')).toMatch(/^(gzip|br|deflate|zstd)$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(headers.get('x-ratelimit-limit')).toBe('30');
  });

  it('lets its pages on another origin sign in and read why not, and no other site', async () => {
    const { client, username } = await registered();
    const headers = { origin: 'https://shop.example' };
    const body = { username, password: newPassword };
    const wrong = await client.post('/api/auth/login', { headers, body });
    expect(outcome(wrong)).toEqual([401, 'invalid_credentials']);
    expect(wrong.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(wrong.headers.get('access-control-expose-headers')).toContain('Auth-Error-Code');
    expect((await client.post('/api/auth/refresh', { headers })).status).toBe(200);
    const elsewhere = { origin: 'https://evil.example' };
    expect(outcome(await client.post('/api/auth/refresh', { headers: elsewhere }))).toEqual([
      403,
      'csrf_rejected',
    ]);
  });

  it('keeps passwords and tokens out of its log, which has the requests and the audit', async () => {
    const { client, bearer, username } = await registered();
    const cookies = (await client.jar.getCookieString(app.url)).split('; ');
    await client.get('/api/members/me', { bearer });
    await client.post('/api/auth/refresh');
    await login(username, newPassword);
    const log = app.output();
    expect(log).toContain('"url":"/api/auth/refresh"');
    expect(log).toContain('"context":"AuthAudit"');
    expect(log).toContain('[Redacted]');
    const secrets = [password, newPassword, bearer, ...cookies.map((each) => each.split('=')[1]!)];
    expect(secrets.length).toBeGreaterThan(4);
    for (const secret of secrets) expect(log).not.toContain(secret);
  });

  describe('drives the browser client, which', () => {
    it('works through the envelope', async () => {
      const { client } = await signedInByClient();
      const before = await client.getToken();
      expect(await client.refresh()).not.toBe(before);
      const me = await client.fetch('members/me');
      expect([me.status, client.getState().status]).toEqual([200, 'authenticated']);
    });

    it('learns that it is signed out, at its next call or refresh', async () => {
      for (const next of ['call', 'refresh']) {
        const { client, jar } = await signedInByClient();
        const cookie = await jar.getCookieString(app.url);
        await new HttpClient(app.url).post('/api/auth/logout', { cookie });
        await (next === 'call' ? client.fetch('members/me') : client.refresh());
        expect(client.getState()).toEqual({ status: 'anonymous', reason: 'session_revoked' });
      }
    });

    it('is not signed out by the throttler: it waits as long as it is told', async () => {
      const { client, advance } = await signedInByClient();
      const { login: number } = client.getState() as { login: number };
      for (let i = 0; i < TOO_MANY; i += 1) {
        await new HttpClient(app.url).post('/api/auth/refresh');
      }
      await expect(client.refresh()).rejects.toMatchObject({ status: 429 });
      const { status, error } = client.getState() as { status: string; error: Error };
      expect([status, error]).toEqual([
        'stale',
        expect.objectContaining({ code: 'unexpected_answer', status: 429 }),
      ]);
      const { retryAfterMs } = error as unknown as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThan(HOUR_MS / 2);
      expect((await client.fetch('members/me')).status).toBe(200);

      await fault('over');
      await expect(client.refresh()).rejects.toMatchObject({ status: 429 });
      advance(retryAfterMs + HOUR_MS);
      expect((await client.fetch('members/me')).status).toBe(200);
      expect(client.getState()).toEqual({ status: 'authenticated', login: number });
    });

    it('hands over a 429 of the app’s own route, and is still signed in', async () => {
      const { client } = await signedInByClient();
      let response!: Response;
      for (let i = 0; i < TOO_MANY; i += 1) response = await client.fetch('members/me');
      expect([response.status, client.getState().status]).toEqual([429, 'authenticated']);
    });

    it('is not signed out by an outage: it tries again, and goes on', async () => {
      const { client } = await signedInByClient();
      await fault('members-down');
      await expect(client.refresh()).rejects.toMatchObject({
        status: 503,
        code: 'store_unavailable',
      });
      expect(client.getState().status).toBe('stale');
      await fault('over');
      expect(await client.refresh()).toEqual(expect.any(String));
      expect(client.getState().status).toBe('authenticated');
    });
  });
});

describe.each(['result', 'payload'])('an app that wraps its responses as { %s }', (ENVELOPE) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startOn('express', { ENVELOPE });
  });
  afterAll(() => app?.stop());

  it('can’t be understood by the browser client, which says so', async () => {
    const { client, jar } = cookieKeepingClient(`${app.url}/api`);
    const credentials = { username: newEmail(), password };
    const fields = { displayName: 'Ada', acceptsTerms: true };
    await expect(client.register({ ...credentials, ...fields })).rejects.toMatchObject({
      name: 'AuthClientError',
      code: 'unexpected_answer',
    });
    expect(await jar.getCookieString(app.url)).toContain(`${COOKIE}=`);
    const wrong = { ...credentials, password: newPassword };
    await expect(client.login(wrong)).rejects.toMatchObject({
      code: 'invalid_credentials',
      status: 401,
    });
  });
});
