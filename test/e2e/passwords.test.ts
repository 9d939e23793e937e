import argon2 from 'argon2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { cookieSetBy, type HttpClient } from '../harness/http-client.js';
import {
  COOKIE,
  PASSWORD,
  startTestApp,
  withTestApp,
  type AdapterName,
  type TestApp,
} from '../harness/test-app.js';

const NEW_PASSWORD = 'battery horse staple correct';

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

const change = (client: HttpClient, bearer: string, currentPassword: string, newPassword: string) =>
  client.post('/auth/password', { bearer, body: { currentPassword, newPassword } });

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

  describe('a login that fails', () => {
    it('gets the same response for a wrong password, an unknown user and a disabled one', async () => {
      const { username } = await test.loggedIn();
      const disabled = await test.loggedIn();
      await test.users.update({ username: disabled.username }, { disabled: 1 });
      const responses = await Promise.all(
        [
          { username, password: NEW_PASSWORD },
          { username: 'nobody', password: PASSWORD },
          { username: disabled.username, password: PASSWORD },
        ].map((body) => test.client().post('/auth/login', { body })),
      );
      const [first, ...others] = responses.map(({ status, body, headers, setCookies }) => {
        const { date: _, ...visible } = Object.fromEntries(headers);
        return { status, body, visible, setCookies };
      });
      expect(first).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
      expect(first!.setCookies).toEqual([]);
      for (const other of others) expect(other).toEqual(first);
    });
  });

  describe('a registration', () => {
    it('with a taken name, in any case, is refused and starts nothing', async () => {
      const { username } = await test.loggedIn();
      const before = await test.sessions.count();
      for (const name of [username, username.toUpperCase()]) {
        const body = { username: name, password: NEW_PASSWORD };
        const response = await test.client().post('/auth/register', { body });
        expect([response.status, response.body.code]).toEqual([409, 'username_taken']);
        expect(response.setCookies).toEqual([]);
      }
      expect(await test.sessions.count()).toBe(before);
      await device(username);
    });

    it.each([
      ['of 14 characters', 'fourteen chars', /password: must have at least 15.*has 14/],
      ['of 14 characters that take more room', '🔑'.repeat(14), /has 14/],
      ['that is the username', 'A-Rather-Long-Username', /^password: .*your own name/],
    ])('with a password %s is refused with the reason', async (_what, password, reason) => {
      const body = { username: 'a-rather-long-username', password };
      const response = await test.client().post('/auth/register', { body });
      expect([response.status, response.body.code]).toEqual([400, 'invalid_request']);
      expect(response.body.message).toMatch(reason);
      expect(await test.users.countBy({ username: body.username })).toBe(0);
    });
  });

  describe('a change of password', () => {
    it('ends the other sessions at once and keeps this one', async () => {
      const { client, accessToken, username } = await test.loggedIn();
      const phone = await device(username);
      const response = await change(client, accessToken, PASSWORD, NEW_PASSWORD);
      expect(response.status).toBe(204);

      expect(await codeOf(phone.client, phone.accessToken)).toBe('session_revoked');
      expect((await phone.client.post('/auth/refresh')).body.code).toBe('session_revoked');
      expect(await codeOf(client, accessToken)).toBeUndefined();
      expect((await client.post('/auth/refresh')).status).toBe(200);

      const login = async (password: string) =>
        (await test.client().post('/auth/login', { body: { username, password } })).status;
      expect([await login(PASSWORD), await login(NEW_PASSWORD)]).toEqual([401, 200]);
    });

    it('reissues the refresh token: a copy of the old one is invalid at once, the owner continues', async () => {
      const { client, accessToken } = await test.loggedIn();
      const copy = await client.jar.getCookieString(client.url);
      const response = await change(client, accessToken, PASSWORD, NEW_PASSWORD);
      const reissued = cookieSetBy(response, COOKIE);
      expect(reissued).toMatch(/^ey/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const thief = await test.client().post('/auth/refresh', { cookie: copy });
      expect([thief.status, thief.body.code, thief.setCookies]).toEqual([
        401,
        'refresh_invalid',
        [],
      ]);
      const [{ status }, again] = [
        await client.post('/auth/refresh'),
        await test.client().post('/auth/refresh', { cookie: copy }),
      ];
      expect([status, again.status]).toEqual([200, 401]);
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect(await codeOf(client, accessToken)).toBeUndefined();
    });

    it('sent again because its response got lost gets the same cookie', async () => {
      const { client, accessToken } = await test.loggedIn();
      const copy = await client.jar.getCookieString(client.url);
      const send = () => change(client, accessToken, PASSWORD, NEW_PASSWORD);
      const [lost, again] = [await send(), await send()];
      expect([lost.status, again.status]).toEqual([204, 204]);
      expect(cookieSetBy(again, COOKIE)).toBe(cookieSetBy(lost, COOKIE));
      expect((await test.client().post('/auth/refresh', { cookie: copy })).status).toBe(401);
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });

    it('ends the access of a thief who refreshed first', async () => {
      const { client, accessToken } = await test.loggedIn();
      const thief = test.client();
      const copy = await client.jar.getCookieString(client.url);
      const stolen = cookieSetBy(await thief.post('/auth/refresh', { cookie: copy }), COOKIE);
      await change(client, accessToken, PASSWORD, NEW_PASSWORD);
      test.clock.advance({ minutes: 1 });
      for (const cookie of [`${COOKIE}=${stolen}`, copy]) {
        expect((await thief.post('/auth/refresh', { cookie })).status).toBe(401);
      }
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });

    it('has one winner of two simultaneous ones, whose password and session remain', async () => {
      for (let round = 0; round < 4; round += 1) {
        const owner = await test.loggedIn();
        const thief = await device(owner.username);
        const both = [owner, thief];
        const passwords = [NEW_PASSWORD, 'the staple of somebody else'];
        const responses = await Promise.all(
          both.map(({ client, accessToken }, i) =>
            change(client, accessToken, PASSWORD, passwords[i]!),
          ),
        );
        const statuses = responses.map(({ status }) => status);
        expect(statuses.toSorted()).toEqual([204, 401]);
        const winner = statuses.indexOf(204);
        expect(responses[1 - winner]!.body.code).toMatch(/^(invalid_credentials|session_revoked)$/);
        const login = async (password: string) => {
          const body = { username: owner.username, password };
          return (await test.client().post('/auth/login', { body })).status;
        };
        expect(await login(passwords[winner]!)).toBe(200);
        expect(await login(passwords[1 - winner]!)).toBe(401);
        expect((await both[winner]!.client.post('/auth/refresh')).status).toBe(200);
        expect((await both[1 - winner]!.client.post('/auth/refresh')).status).toBe(401);
      }
    });

    it.each([
      [
        'the wrong current password',
        NEW_PASSWORD,
        NEW_PASSWORD,
        401,
        'invalid_credentials',
        /wrong/,
      ],
      [
        'a new one that is too short',
        PASSWORD,
        'short',
        400,
        'invalid_request',
        /^newPassword: must have at least 15/,
      ],
    ])('with %s changes nothing', async (_what, current, next, status, code, reason) => {
      const { client, accessToken, username } = await test.loggedIn();
      const phone = await device(username);
      const response = await change(client, accessToken, current, next);
      expect([response.status, response.body.code]).toEqual([status, code]);
      expect(response.body.message).toMatch(reason);
      expect((await phone.client.post('/auth/refresh')).status).toBe(200);
      await device(username);
    });
  });

  describe('stronger argon2 parameters', () => {
    it('apply to a password at its owner’s next login', async () => {
      const { username } = await test.loggedIn();
      const hash = async () => (await test.users.findOneByOrFail({ username })).passwordHash;
      expect(await hash()).toContain('$m=19456,t=2,p=1$');

      const passwords = { timeCost: 3 };
      await withTestApp(
        {
          database,
          adapter,
          databaseUrl: test.databaseUrl,
          options: { passwords },
        },
        async (stronger) => {
          const login = async (password: string) =>
            (await stronger.client().post('/auth/login', { body: { username, password } })).status;
          expect(await login(NEW_PASSWORD)).toBe(401);
          expect(await hash()).toContain('$m=19456,t=2,p=1$');
          expect(await login(PASSWORD)).toBe(200);
          const rehashed = await hash();
          expect(rehashed).toContain('$m=19456,t=3,p=1$');
          expect(await login(PASSWORD)).toBe(200);
          expect(await hash()).toBe(rehashed);
        },
      );
    });

    it('don’t weaken a password whose parameters are stronger', async () => {
      const { username } = await test.loggedIn();
      const passwordHash = await argon2.hash(PASSWORD, { memoryCost: 32768, timeCost: 3 });
      await test.users.update({ username }, { passwordHash });
      const body = { username, password: PASSWORD };
      expect((await test.client().post('/auth/login', { body })).status).toBe(200);
      expect((await test.users.findOneByOrFail({ username })).passwordHash).toBe(passwordHash);
    });
  });
});
