import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DirectoryUser } from 'nestjs-refresh-auth';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { cookieSetBy, type HttpClient } from '../harness/http-client.js';
import {
  ACCESS_SECRET,
  COOKIE,
  PASSWORD,
  REFRESH_SECRET,
  startTestApp,
  withTestApp,
  type AdapterName,
  type TestApp,
  type TestAppOptions,
} from '../harness/test-app.js';

const NEW_ACCESS = `new ${ACCESS_SECRET}`;
const NEW_REFRESH = `new ${REFRESH_SECRET}`;

const everywhere: { on: string; database: typeof sqliteKind; adapter: AdapterName }[] = [
  ...databaseKinds.map((database) => ({
    on: database.name,
    database,
    adapter: 'express' as const,
  })),
  { on: 'SQLite, fastify', database: sqliteKind, adapter: 'fastify' },
];

const codeOf = async (client: HttpClient, bearer: string) =>
  (await client.get('/guarded', { bearer })).body.code;

const kid = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;

describe.each(everywhere)('on $on', ({ database, adapter }) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database, adapter });
  });
  afterAll(() => test.close());

  /** Another device of a user. */
  async function device(username: string, headers: Record<string, string> = {}) {
    const client = test.client();
    const body = { username, password: PASSWORD };
    const { status, body: tokens } = await client.post('/auth/login', { body, headers });
    expect(status).toBe(200);
    return { client, accessToken: tokens.accessToken as string };
  }

  /** Restarts the app on the same database with other secrets. */
  const afterRestart = (
    options: NonNullable<TestAppOptions['options']>,
    story: (changed: TestApp) => Promise<void>,
  ) => {
    const { databaseUrl, clock } = test;
    return withTestApp({ database, adapter, databaseUrl, clock, options }, story);
  };

  describe('a user’s sessions', () => {
    it('are listed, the latest first, with details that their owner can recognise', async () => {
      const { client, accessToken, username } = await test.loggedIn();
      const loggedInAt = new Date(test.clock.now());
      test.clock.advance({ hours: 1 });
      await client.post('/auth/refresh');
      const refreshedAt = new Date(test.clock.now());
      await device(username, { 'user-agent': 'Phone/1.0' });

      const { status, body } = await client.get('/auth/sessions', {
        bearer: (await client.post('/auth/refresh')).body.accessToken,
      });
      expect(status).toBe(200);
      expect(body).toEqual([
        {
          id: expect.stringMatching(/^[0-9a-f]{32}$/),
          createdAt: refreshedAt.toISOString(),
          lastUsedAt: refreshedAt.toISOString(),
          expiresAt: '2030-01-08T01:00:01.000Z',
          ip: expect.stringMatching(/127\.0\.0\.1$|^::1$/),
          userAgent: 'Phone/1.0',
          current: false,
        },
        {
          id: expect.any(String),
          createdAt: loggedInAt.toISOString(),
          lastUsedAt: refreshedAt.toISOString(),
          expiresAt: '2030-01-08T01:00:01.000Z',
          ip: expect.any(String),
          userAgent: 'node',
          current: true,
        },
      ]);
      expect(await codeOf(client, accessToken)).toBe('token_expired');
    });

    it('are visible to nobody else, and not after they ended', async () => {
      const { client, accessToken, username } = await test.loggedIn();
      await test.loggedIn();
      await (await device(username)).client.post('/auth/logout');
      const { body } = await client.get('/auth/sessions', { bearer: accessToken });
      expect(body.map(({ current }: { current: boolean }) => current)).toEqual([true]);
    });

    it('can be ended one by one: the phone’s ends, the laptop’s continues', async () => {
      const { client, accessToken: bearer, username } = await test.loggedIn();
      const phone = await device(username);
      const list = async () => (await client.get('/auth/sessions', { bearer })).body;
      const { id } = (await list()).find(({ current }: { current: boolean }) => !current);

      const response = await client.delete(`/auth/sessions/${id}`, { bearer });
      expect([response.status, response.body, response.setCookies]).toEqual([204, undefined, []]);
      expect(await codeOf(phone.client, phone.accessToken)).toBe('session_revoked');
      expect((await phone.client.post('/auth/refresh')).body.code).toBe('session_revoked');
      expect(await list()).toHaveLength(1);
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });

    it('can be ended from within: ending the own one deletes its cookie', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      const [{ id }] = (await client.get('/auth/sessions', { bearer })).body;
      const response = await client.delete(`/auth/sessions/${id}`, { bearer });
      expect([response.status, cookieSetBy(response, COOKIE)]).toEqual([204, '']);
      expect(await codeOf(client, bearer)).toBe('session_revoked');
    });

    it('are not found with another user’s id, an unknown one or one that ended', async () => {
      const { client, accessToken: bearer, username } = await test.loggedIn();
      const other = await test.loggedIn();
      const [others] = (await other.client.get('/auth/sessions', { bearer: other.accessToken }))
        .body;
      const ended = await device(username);
      const gone = (await client.get('/auth/sessions', { bearer })).body.find(
        ({ current }: { current: boolean }) => !current,
      );
      await ended.client.post('/auth/logout');

      for (const id of [others.id, gone.id, 'unknown', "x' OR '1'='1", '%25', 'x'.repeat(100)]) {
        const response = await client.delete(`/auth/sessions/${encodeURIComponent(id)}`, {
          bearer,
        });
        expect([id, response.status, response.body.code]).toEqual([id, 404, 'session_not_found']);
      }
      expect((await other.client.post('/auth/refresh')).status).toBe(200);
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });

    it('end together on logout-all, at once, and no other user’s end', async () => {
      const { client, accessToken, username } = await test.loggedIn();
      const phone = await device(username);
      const other = await test.loggedIn();

      const response = await client.post('/auth/logout-all', { bearer: accessToken });
      expect([response.status, cookieSetBy(response, COOKIE)]).toEqual([204, '']);
      for (const { client: ended, accessToken: bearer } of [{ client, accessToken }, phone]) {
        expect(await codeOf(ended, bearer)).toBe('session_revoked');
      }
      expect((await phone.client.post('/auth/refresh')).body.code).toBe('session_revoked');
      expect((await other.client.post('/auth/refresh')).status).toBe(200);
    });

    it('end with a logout by a token that was superseded long ago and has expired', async () => {
      for (const pause of [{ minutes: 1 }, { days: 5 }]) {
        const { client } = await test.loggedIn();
        const first = await client.cookie(COOKIE);
        test.clock.advance({ days: 4 });
        await client.post('/auth/refresh');
        test.clock.advance(pause);

        const cookie = `${COOKIE}=${first}`;
        expect((await test.client().post('/auth/logout', { cookie })).status).toBe(204);
        const { body } = await client.post('/auth/refresh');
        expect(body.code).toBe('session_revoked');
      }
    });
  });

  describe('a user who is gone', () => {
    it.each<[string, (username: string) => Promise<unknown>]>([
      ['disabled', (username) => test.users.update({ username }, { disabled: 1 })],
      ['deleted', (username) => test.users.delete({ username })],
    ])('(%s) loses every session with the next refresh of one', async (_how, remove) => {
      const { client, accessToken, username } = await test.loggedIn();
      const phone = await device(username);
      await remove(username);

      const response = await client.post('/auth/refresh');
      expect([response.status, response.body.code]).toEqual([401, 'session_revoked']);
      expect(cookieSetBy(response, COOKIE)).toBe('');
      expect(await codeOf(client, accessToken)).toBe('session_revoked');
      expect(await codeOf(phone.client, phone.accessToken)).toBe('session_revoked');
      expect(await test.sessions.countBy({ revokedReason: 'user_gone' })).toBeGreaterThan(1);

      const login = await client.post('/auth/login', { body: { username, password: PASSWORD } });
      expect([login.status, login.body.code]).toEqual([401, 'invalid_credentials']);
      await test.sessions.update({ revokedReason: 'user_gone' }, { revokedReason: 'revoked' });
    });
  });

  describe('a new secret', () => {
    it('logs everybody out, but clears no cookie: the secret may have been set by mistake', async () => {
      const { client, accessToken } = await test.loggedIn();
      const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
      await afterRestart(
        {
          accessToken: { secret: NEW_ACCESS },
          refreshToken: { secret: NEW_REFRESH },
        },
        async (changed) => {
          const response = await changed.client().post('/auth/refresh', { cookie });
          expect([response.status, response.body.code]).toEqual([401, 'refresh_invalid']);
          expect(response.setCookies).toEqual([]);
          expect(await codeOf(changed.client(), accessToken)).toBe('token_invalid');
        },
      );
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });

    it('in front of the old one logs nobody out, and signs the next tokens', async () => {
      const { client, accessToken } = await test.loggedIn();
      const old = (await client.cookie(COOKIE))!;
      await afterRestart(
        {
          accessToken: { secret: [NEW_ACCESS, ACCESS_SECRET] },
          refreshToken: { secret: [NEW_REFRESH, REFRESH_SECRET] },
        },
        async (changed) => {
          expect(await codeOf(changed.client(), accessToken)).toBeUndefined();
          const refresh = (token: string) =>
            changed.client().post('/auth/refresh', { cookie: `${COOKIE}=${token}` });

          const first = await refresh(old);
          const replay = await refresh(old);
          const successor = cookieSetBy(first, COOKIE)!;
          expect([first.status, replay.status]).toEqual([200, 200]);
          expect(cookieSetBy(replay, COOKIE)).toBe(successor);
          expect(kid(successor)).not.toBe(kid(old));
          expect(kid(first.body.accessToken)).not.toBe(kid(accessToken));

          changed.clock.advance({ minutes: 1 });
          const next = await refresh(successor);
          expect([next.status, kid(cookieSetBy(next, COOKIE)!)]).toEqual([200, kid(successor)]);
        },
      );
    });
  });

  it('revokeEverything() logs everybody out, once, and they can log in again', async () => {
    const [one, two] = [await test.loggedIn(), await test.loggedIn()];
    expect(await test.auth.revokeEverything()).toBeGreaterThan(1);
    expect(await test.auth.revokeEverything()).toBe(0);
    for (const { client, accessToken } of [one, two]) {
      expect(await codeOf(client, accessToken)).toBe('session_revoked');
      expect((await client.post('/auth/refresh')).body.code).toBe('session_revoked');
    }
    const { client } = await device(one.username);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });
});

const user = (id: string): DirectoryUser => ({ id, passwordHash: null });

/** Checks that a user with the id "ab" neither sees nor ends sessions of one with the id "AB". */
async function meeting(database: typeof sqliteKind) {
  const users = {
    findByLogin: async () => null,
    findById: async (id: string) => user(id),
    create: async ({ username }: { username: string }) => user(username),
  };
  return withTestApp({ database, options: { users } }, async (test) => {
    const [lower, upper] = [await test.loggedIn('ab'), await test.loggedIn('AB')];
    const { body } = await lower.client.get('/auth/sessions', { bearer: lower.accessToken });
    await lower.client.post('/auth/logout-all', { bearer: lower.accessToken });
    const { status } = await upper.client.post('/auth/refresh');
    return { seen: body.length, othersRefresh: status };
  });
}

const foldsCase = ({ name }: { name: string }) => name === 'MariaDB';

describe('users whose ids differ only in case don’t see or end each other’s sessions', () => {
  it.each(databaseKinds.filter((kind) => !foldsCase(kind)))('on $name', async (database) => {
    expect(await meeting(database)).toEqual({ seen: 1, othersRefresh: 200 });
  });

  // The default collation of MySQL and MariaDB treats "ab" and "AB" as equal.
  for (const database of databaseKinds.filter(foldsCase)) {
    it(`on ${database.name}`, async () => {
      expect(await meeting(database)).toEqual({ seen: 1, othersRefresh: 200 });
    });
  }
});
