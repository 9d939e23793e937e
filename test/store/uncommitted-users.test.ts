import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import type { UserDirectory } from 'nestjs-refresh-auth';
import { AppUsers } from '../../src/app/users/app-users.js';
import { beginTransaction, sqliteWays, type Ending } from '../harness/app-transaction.js';
import { sqliteKind } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';
import { watchSettled } from '../harness/watch-settled.js';

const NEW_PASSWORD = 'battery horse staple correct';

const statusOf = (response: { status: number; body: { code?: string } }) =>
  `${response.status} ${response.body?.code ?? ''}`.trim();

describe.each(sqliteWays)('on SQLite ($way), while an app transaction is open,', (given) => {
  let test: TestApp;
  let end: (how: Ending) => Promise<void>;
  /** Runs before the directory writes. */
  let beforeWriting: () => Promise<void>;

  beforeEach(async () => {
    end = async () => {};
    beforeWriting = async () => {};
    const { dataSource } = given;
    test = await startTestApp({ database: sqliteKind, dataSource, options: { users } });
  });
  afterEach(async () => {
    await end('rollback');
    await test.close();
  });

  const own = () => test.app.get(AppUsers, { strict: false });
  const users: UserDirectory = {
    findByLogin: (login) => own().findByLogin(login),
    findById: (id) => own().findById(id),
    async create(user) {
      await beforeWriting();
      return own().create(user);
    },
    async updatePasswordHash(...what) {
      await beforeWriting();
      return own().updatePasswordHash(...what);
    },
  };

  async function begin(statement?: string): Promise<void> {
    end = await beginTransaction(test.dataSource, statement);
    test.statements.length = 0;
  }

  /** Ends the transaction once a matching statement was sent and had its time, or the request has its response. */
  async function endAmid<T>(how: Ending, sent: RegExp, request: Promise<T>): Promise<T> {
    const { isSettled } = watchSettled(request);
    let turns = 0;
    while (!isSettled() && turns < 200) {
      await turn();
      if (test.statements.some((statement) => sent.test(statement))) turns += 1;
    }
    await end(how);
    return request;
  }

  const READS_USER = /^SELECT .* FROM "users"/s;
  const INSERTS_USER = /^INSERT INTO "users"/;
  const UPDATES_USER = /^UPDATE "users"/;
  // The latest session is read before one is written; without a second connection that read waits already.
  const WRITES_SESSION = /^INSERT INTO "refresh_tokens"|^SELECT .*ORDER BY "created_at" DESC/s;
  const endings: Ending[] = ['rollback', 'commit'];
  const login = async (username: string, password: string) =>
    test.client().post('/auth/login', { body: { username, password } });

  describe.each([
    ['disabled', 'UPDATE users SET disabled = 1'],
    ['deleted', 'DELETE FROM users'],
  ])('which has %s a user,', (_what, statement) => {
    it.each(endings)('a refresh reports and does what is true after the %s', async (how) => {
      const { client } = await test.loggedIn();
      await begin(statement);
      const response = await endAmid(how, READS_USER, client.post('/auth/refresh'));
      expect(statusOf(response)).toBe(how === 'commit' ? '401 session_revoked' : '200');
      const next = await client.post('/auth/refresh');
      expect(next.status).toBe(how === 'commit' ? 401 : 200);
    });

    it('a change of password doesn’t report that the session has ended', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      await begin(statement);
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      const sent = client.post('/auth/password', { bearer, body });
      expect((await endAmid('rollback', READS_USER, sent)).status).toBe(204);
    });
  });

  it('which has deleted a user and never ends, a refresh returns 503 with Retry-After', async () => {
    const { client, accessToken: bearer } = await test.loggedIn();
    await begin('DELETE FROM users');
    const response = await client.post('/auth/refresh');
    expect(statusOf(response)).toBe('503 store_unavailable');
    expect(response.setCookies).toEqual([]);
    await end('rollback');
    expect((await client.get('/auth/sessions', { bearer })).body).toHaveLength(1);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it.each(endings)('a registration lasts, or failed, after the %s', async (how) => {
    beforeWriting = () => begin(`UPDATE users SET email = 'changed@example.com'`);
    const body = { username: 'ada', password: PASSWORD };
    const client = test.client();
    const response = await endAmid(how, INSERTS_USER, client.post('/auth/register', { body }));
    expect(statusOf(response)).toBe(how === 'commit' ? '201' : '503 store_unavailable');
    expect(await test.users.countBy({ username: 'ada' })).toBe(how === 'commit' ? 1 : 0);
    beforeWriting = async () => {};
    expect((await client.post('/auth/refresh')).status).toBe(how === 'commit' ? 200 : 401);
    const again = await test.client().post('/auth/register', { body });
    expect(again.status === 201).toBe(how === 'rollback');
  });

  it.each(endings)('a change of password lasts, or failed, after the %s', async (how) => {
    const { client, accessToken: bearer, username } = await test.loggedIn();
    beforeWriting = () => begin('SELECT 1');
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const send = () => client.post('/auth/password', { bearer, body });
    const response = await endAmid(how, UPDATES_USER, send());
    beforeWriting = async () => {};
    const isChanged = how === 'commit';
    expect(statusOf(response)).toBe(isChanged ? '204' : '503 store_unavailable');
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await login(username, PASSWORD)).status).toBe(isChanged ? 401 : 200);
    expect((await send()).status).toBe(204);
    expect((await login(username, NEW_PASSWORD)).status).toBe(200);
  });

  describe('a login', () => {
    it.each(endings)('of a user created in it is right after the %s', async (how) => {
      const { username } = await test.loggedIn();
      await begin(
        `INSERT INTO users (username, username_key, password_hash) SELECT 'eve', 'eve', password_hash FROM users WHERE username = '${username}'`,
      );
      const response = await endAmid(how, WRITES_SESSION, login('eve', PASSWORD));
      expect(statusOf(response)).toBe(how === 'commit' ? '200' : '401 invalid_credentials');
      expect(response.setCookies.length > 0).toBe(how === 'commit');
    });

    it.each(endings)('by a password set in it is right after the %s', async (how) => {
      const { username } = await test.loggedIn();
      const other = await test.loggedIn();
      const send = test.client().post('/auth/password', {
        bearer: other.accessToken,
        body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      });
      expect((await send).status).toBe(204);
      await begin(
        `UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE username = '${other.username}') WHERE username = '${username}'`,
      );
      const response = await endAmid(how, WRITES_SESSION, login(username, NEW_PASSWORD));
      expect(statusOf(response)).toBe(how === 'commit' ? '200' : '401 invalid_credentials');
    });

    it('by the app, of a user created in it, is right after the rollback', async () => {
      await begin(
        `INSERT INTO users (id, username, username_key, password_hash) VALUES (77, 'eve', 'eve', 'x')`,
      );
      const issued = test.auth.loginAs('77').then(
        () => 'in',
        ({ code }: { code: string }) => code,
      );
      expect(await endAmid('rollback', WRITES_SESSION, issued)).toBe('session_revoked');
    });
  });
});
