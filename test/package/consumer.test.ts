import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { cookieSetBy, HttpClient } from '../harness/http-client.js';
import { PASSWORD } from '../harness/test-secrets.js';
import {
  createConsumerApp,
  type ConsumerApp,
  type ModuleType,
  type RunningApp,
} from './consumer-app.js';
import {
  COOKIE,
  credentials,
  headerOf,
  newSecrets,
  registered,
  outcome,
} from './consumer-client.js';
import { packPackage, type PackedPackage } from './packed-package.js';

let packed: PackedPackage | undefined;
beforeAll(async () => {
  packed = await packPackage();
});
afterAll(() => packed?.remove());

describe.each<ModuleType>(['module', 'commonjs'])('the documents’ app as %s', (type) => {
  let consumer: ConsumerApp;
  beforeAll(async () => {
    consumer = await createConsumerApp(packed, type);
    await consumer.compile();
  });
  afterAll(() => consumer?.remove());
  const onDatabase = (file: string, statement: string) =>
    sql(join(consumer.folder, file), statement);

  describe('the app', () => {
    let app: RunningApp;
    beforeAll(async () => {
      app = await consumer.start('main.js');
    });
    afterAll(() => app?.stop());

    it('registers, logs in, refreshes, and accepts a guarded call', async () => {
      await registered(app, 'Ada');
      const client = new HttpClient(app.url);
      expect(outcome(await client.get('/hello'))).toEqual([401, 'token_missing']);

      const login = await client.post('/auth/login', { body: credentials('Ada') });
      expect([login.status, login.body.expiresIn]).toEqual([200, 900]);
      const refreshed = await client.post('/auth/refresh');
      expect(refreshed.status).toBe(200);
      expect(cookieSetBy(refreshed, COOKIE)).not.toBe(cookieSetBy(login, COOKIE));

      const hello = await client.get('/hello', { bearer: refreshed.body.accessToken });
      expect(outcome(hello)).toEqual([200, 'Hello, ada!']);
    });

    it('refuses a taken name, in any spelling', async () => {
      await registered(app, 'Grace');
      const client = new HttpClient(app.url);
      const again = await client.post('/auth/register', { body: credentials('GRACE') });
      expect(outcome(again)).toEqual([409, 'username_taken']);
    });

    it('changes a password', async () => {
      const { client, bearer } = await registered(app, 'Barbara');
      const newPassword = 'staple battery horse correct';
      const body = { currentPassword: PASSWORD, newPassword };
      expect((await client.post('/auth/password', { body, bearer })).status).toBe(204);
      const login = { username: 'Barbara', password: newPassword };
      expect((await client.post('/auth/login', { body: login })).status).toBe(200);
    });

    it('ends every session by the script, and the running app notices', async () => {
      const { client, bearer } = await registered(app, 'Frances');
      expect((await client.get('/hello', { bearer })).status).toBe(200);

      expect(await consumer.run('revoke-everything.js')).toMatch(/^[1-9]\d* sessions ended$/m);

      const refused = await until(
        () => client.get('/hello', { bearer }),
        ({ status }) => status !== 200,
      );
      expect(outcome(refused)).toEqual([401, 'session_revoked']);
    });

    it('runs a store through every case of the contract', async () => {
      const printed = await consumer.run('session-store.test.js', { NODE_ENV: 'test' });
      expect(printed).toMatch(/^# pass (?!0\b)\d+$/m);
      expect(printed).toMatch(/^# fail 0$/m);
    });

    it('checks a password hash of better-auth with the hasher of the migration guide', async () => {
      expect(await consumer.run('better-auth-hash.js')).toBe('true true false false\n');
    });
  });

  describe('the documented uses', () => {
    let app: RunningApp;
    beforeAll(async () => {
      app = await consumer.start('every-use.js', newSecrets);
    });
    afterAll(() => app?.stop());

    const anonymous = () => new HttpClient(app.url);

    it('an app-wide guard leaves public routes open', async () => {
      expect(outcome(await anonymous().get('/status'))).toEqual([200, 'up']);
      expect(outcome(await anonymous().get('/reports'))).toEqual([401, 'token_missing']);
    });

    it('roles: those in the token count, and a refresh brings new ones', async () => {
      const { client, bearer } = await registered(app, 'Margaret');
      const mine = await client.get('/reports', { bearer });
      expect(mine.body).toMatch(/^Reports of user [\w-]{36}, requested in session \w{32}\.$/);
      expect(outcome(await client.get('/reports/all', { bearer }))).toEqual([
        403,
        'insufficient_role',
      ]);

      await onDatabase(
        'every-use.sqlite',
        "UPDATE users SET roles = 'user,auditor' WHERE username = 'margaret'",
      );
      const { body } = await client.post('/auth/refresh');
      expect(outcome(await client.get('/reports/all', { bearer: body.accessToken }))).toEqual([
        200,
        'All reports, for margaret.',
      ]);
    });

    it('optional authentication: anonymous, signed in, but never with a bad token', async () => {
      const { bearer } = await registered(app, 'Hedy');
      expect(outcome(await anonymous().get('/articles'))).toEqual([200, 'Articles for everybody.']);
      expect(outcome(await anonymous().get('/articles', { bearer }))).toEqual([
        200,
        'Articles for hedy.',
      ]);
      expect(outcome(await anonymous().get('/articles', { bearer: `${bearer}x` }))).toEqual([
        401,
        'token_invalid',
      ]);
    });

    it("a route behind Passport's AuthGuard('jwt')", async () => {
      const { bearer } = await registered(app, 'Sophie');
      expect(outcome(await anonymous().get('/legacy', { bearer }))).toEqual([
        200,
        'Hello, sophie, from a passport guard.',
      ]);
    });

    it('the access token in a cookie, only for this site and the allowed origin', async () => {
      const { client } = await registered(app, 'Karen');
      expect(outcome(await client.get('/hello'))).toEqual([200, 'Hello, karen!']);

      const from = (origin: string) =>
        client.post('/auth/logout-all', {
          headers: { origin, 'sec-fetch-site': 'cross-site' },
        });
      expect(outcome(await from('https://evil.example.net'))).toEqual([403, 'csrf_rejected']);
      expect((await from('https://app.example.com')).status).toBe(204);
    });

    it('a new secret in front: tokens of the old one still count', async () => {
      const before = await consumer.start('main.js');
      const { bearer } = await registered(before, 'Joan');
      await before.stop();
      expect(headerOf((await registered(app, 'Joan')).bearer).kid).not.toBe(headerOf(bearer).kid);
      expect(outcome(await anonymous().get('/hello', { bearer }))).toEqual([200, 'Hello, joan!']);
    });

    it('a session of express-session is carried over, once', async () => {
      const { client: other, bearer } = await registered(app, 'Evelyn');
      const { id } = (await other.get('/auth/me', { bearer })).body as { id: string };
      const client = anonymous();
      const carryOver = () => client.post('/session-bridge', { cookie: `old=${id}` });
      expect((await carryOver()).status).toBe(200);
      const refreshed = await client.post('/auth/refresh');
      expect(outcome(await client.get('/hello', { bearer: refreshed.body.accessToken }))).toEqual([
        200,
        'Hello, evelyn!',
      ]);
      expect(outcome(await carryOver())).toEqual([401, 'invalid_credentials']);
    });

    it('a login route of its own, whose cookies the other routes take', async () => {
      const { client: other, bearer } = await registered(app, 'Dorothy');
      const { id } = (await other.get('/auth/me', { bearer })).body as { id: string };
      const client = anonymous();
      const { code } = (await client.post(`/mailbox/${id}`)).body as { code: string };
      const login = await client.post('/magic-link', { body: { code } });
      expect([login.status, login.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect((await client.post('/auth/logout')).status).toBe(204);
      expect(outcome(await client.post('/auth/refresh'))).toEqual([401, 'refresh_missing']);
      expect(outcome(await client.post('/magic-link', { body: { code } }))).toEqual([
        401,
        'invalid_credentials',
      ]);
    });

    it('a passkey route in a few lines: its cookie refreshes, and no other site can start it', async () => {
      const { client: other, bearer } = await registered(app, 'Rosalind');
      const body = { owner: ((await other.get('/auth/me', { bearer })).body as { id: string }).id };
      const client = anonymous();
      const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.net' };
      const attack = await client.post('/passkey', { body, headers });
      expect(outcome(attack)).toEqual([403, 'csrf_rejected']);
      const login = await client.post('/passkey', { body });
      expect([login.status, login.headers.get('cache-control')]).toEqual([201, 'no-store']);
      const refreshed = await client.post('/auth/refresh');
      expect(outcome(await client.get('/hello', { bearer: refreshed.body.accessToken }))).toEqual([
        200,
        'Hello, rosalind!',
      ]);
    });

    it('a login route of its own, which counts and logs what fails', async () => {
      const client = anonymous();
      const failures = [];
      for (let tries = 0; tries < 11; tries += 1) {
        failures.push(await client.post('/magic-link', { body: { code: 'a guess' } }));
      }
      expect(failures.map(({ status }) => status)).toContain(401);
      expect(failures.at(-1)!.status).toBe(429);
      expect(app.output()).toContain('A link that is used up, or that nobody was sent, from ');
    });

    it('a route that the app adds to AuthController', async () => {
      const { client, bearer } = await registered(app, 'Mary');
      const roles = await client.get('/auth/roles', { bearer });
      expect([roles.status, roles.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect((await anonymous().get('/auth/roles', { headers: {} })).status).toBe(401);
    });

    it('a password that the app resets: it logs in, and the sessions of before are gone', async () => {
      const { client, bearer } = await registered(app, 'Barbara');
      const { id } = (await client.get('/auth/me', { bearer })).body as { id: string };
      const password = 'a reset horse battery staple';
      const reset = await anonymous().post(`/mailbox/${id}/reset`, { body: { password } });
      expect(reset.status).toBe(201);
      expect(outcome(await client.post('/auth/refresh'))).toEqual([401, 'session_revoked']);
      const body = { username: 'barbara', password };
      expect((await anonymous().post('/auth/login', { body })).status).toBe(200);
    });

    it('own routes with the refresh token in the body', async () => {
      await registered(app, 'Annie');
      const client = anonymous();
      const login = await client.post('/mobile/login', { body: credentials('annie') });
      expect([login.status, login.setCookies]).toEqual([200, []]);
      const refresh = (refreshToken?: string) =>
        client.post('/mobile/refresh', { body: { refreshToken } });

      const rotated = await refresh(login.body.refreshToken);
      expect(rotated.body.refreshToken).not.toBe(login.body.refreshToken);
      const renewal = await refresh(rotated.body.refreshToken);
      expect([renewal.status, renewal.body.refreshToken]).toEqual([200, undefined]);

      const { refreshToken } = rotated.body;
      expect((await client.post('/mobile/logout', { body: { refreshToken } })).status).toBe(204);
      expect(outcome(await refresh(refreshToken))).toEqual([401, 'session_revoked']);
      expect(outcome(await client.post('/mobile/login'))).toEqual([400, 'invalid_request']);
      expect(outcome(await refresh(undefined))).toEqual([401, 'refresh_invalid']);
    });

    it('own routes that recognize a device again after its logout', async () => {
      await registered(app, 'Radhia');
      const client = anonymous();
      const login = (password: string, deviceToken?: string) =>
        client.post('/mobile/login', { body: { username: 'radhia', password, deviceToken } });
      const { deviceToken } = (await login(PASSWORD)).body as { deviceToken: string };
      for (let failures = 0; failures < 10; failures += 1) await login('a guess of a stranger');
      expect(outcome(await login(PASSWORD))).toEqual([429, 'too_many_attempts']);
      expect((await login(PASSWORD, deviceToken)).status).toBe(200);
    });

    it('an incident: an admin ends the sessions of one user, then of everybody', async () => {
      const { client, bearer } = await registered(app, 'Mallory');
      await registered(app, 'Grace');
      await onDatabase(
        'every-use.sqlite',
        "UPDATE users SET roles = 'admin' WHERE username = 'grace'",
      );
      const admin = await anonymous().post('/auth/login', { body: credentials('grace') });
      const asAdmin = { bearer: admin.body.accessToken as string };
      const { body: mallory } = await client.get('/auth/me', { bearer });

      const one = await anonymous().post(`/incident/users/${mallory.id}/revoke`, asAdmin);
      expect(one.body).toEqual({ ended: 1 });
      expect(outcome(await client.get('/hello', { bearer }))).toEqual([401, 'session_revoked']);

      const all = await anonymous().post('/incident/revoke-everything', asAdmin);
      expect(all.body.ended).toBeGreaterThan(0);
      expect(outcome(await anonymous().get('/hello', asAdmin))).toEqual([401, 'session_revoked']);
    });

    it('the listener receives reuse, in place of the audit log', async () => {
      const { client } = await registered(app, 'Edith');
      const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
      await client.post('/auth/refresh');
      await onDatabase('sessions.sqlite', 'UPDATE refresh_tokens SET rotated_at = 0');
      expect(outcome(await anonymous().post('/auth/refresh', { cookie }))).toEqual([
        401,
        'refresh_reused',
      ]);
      expect(await until(app.output, (output) => output.includes('stolen'))).toMatch(
        /Session \w{32} was stolen\?/,
      );
      expect(app.output()).not.toContain('AuthAudit');
    });

    it('sessions are in their own database', async () => {
      const tables = "SELECT name FROM sqlite_master WHERE name = 'refresh_tokens'";
      expect(await onDatabase('sessions.sqlite', tables)).toHaveLength(1);
      expect(await onDatabase('every-use.sqlite', tables)).toHaveLength(0);
    });
  });
});

async function sql(database: string, statement: string): Promise<unknown> {
  const dataSource = new DataSource({ type: 'better-sqlite3', database });
  await dataSource.initialize();
  try {
    return await dataSource.query(statement);
  } finally {
    await dataSource.destroy();
  }
}

/** Repeats a query until its result is as wanted, for a separate process with a real clock; a few minutes at most. */
async function until<T>(query: () => T | Promise<T>, isSo: (response: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const response = await query();
    if (isSo(response) || tries === 4000) return response;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
