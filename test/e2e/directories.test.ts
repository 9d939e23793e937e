import { Logger, NotFoundException } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DirectoryUser, UserDirectory } from 'nestjs-refresh-auth';
import { EntityNotFoundError } from 'typeorm';
import { AppUsers } from '../../src/app/users/app-users.js';
import { User } from '../../src/app/users/user.entity.js';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { PASSWORD, startTestApp, withTestApp, type TestApp } from '../harness/test-app.js';

const tryAgain = [503, 'store_unavailable'];
const circular: Record<string, unknown> = {};
circular.self = circular;

/** The app's own directory, with the results that a test changes. */
class Changed implements UserDirectory {
  app: TestApp | null = null;
  change: (user: DirectoryUser | null) => DirectoryUser | null = (user) => user;

  get #users(): AppUsers {
    return this.app!.app.get(AppUsers, { strict: false });
  }

  async findByLogin(login: string) {
    return this.change(await this.#users.findByLogin(login));
  }

  async findById(id: string) {
    return this.change(await this.#users.findById(id));
  }

  async create(user: { username: string; passwordHash: string }) {
    return this.change(await this.#users.create(user));
  }

  async updatePasswordHash(...given: [string, string, string]) {
    return this.#users.updatePasswordHash(...given);
  }
}

describe('a directory', () => {
  let test: TestApp;
  const users = new Changed();

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, options: { users } });
    users.app = test;
  });
  beforeEach(() => {
    users.change = (user) => user;
  });
  afterAll(() => test.close());

  const login = async (username: string) =>
    test.client().post('/auth/login', { body: { username, password: PASSWORD } });

  it.each([new NotFoundException(), new EntityNotFoundError(User, {})])(
    'that throws %p means that the user is gone: the session ends, the login fails',
    async (error) => {
      const { client, username } = await test.loggedIn();
      users.change = (user) => {
        if (user !== null) throw error;
        return user;
      };
      const unknown = await login('nobody-there');
      const known = await login(username);
      expect([known.status, known.body]).toEqual([401, unknown.body]);
      const gone = await client.post('/auth/refresh');
      expect([gone.status, gone.body.code]).toEqual([401, 'session_revoked']);
      users.change = (user) => user;
      expect((await client.post('/auth/refresh')).status).toBe(401);
    },
  );

  it.each([
    ['a promise', Promise.resolve(1)],
    ['an object', {}],
    ['NaN', NaN],
    ['true', true],
    ['a date', new Date(0)],
    ['nothing', undefined],
    ['the text of a promise', '[object Promise]'],
  ])('whose users have %s as id starts no session, and changes none', async (_what, id) => {
    const { client, username } = await test.loggedIn();
    const before = await test.sessions.count();
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    users.change = (user) => user && { ...user, id: id as never };
    const body = { username: `new-${username}`, password: PASSWORD };
    for (const response of [
      await login(username),
      await test.client().post('/auth/register', { body }),
      await client.post('/auth/refresh'),
    ]) {
      expect([response.status, response.body.code]).toEqual(tryAgain);
      expect(response.setCookies).toEqual([]);
    }
    expect(await test.sessions.count()).toBe(before);
    expect(error).toHaveBeenCalledWith(
      expect.stringMatching(/^UserDirectory\.\w+\(\) returned a user whose id is /),
    );
    error.mockRestore();
    users.change = (user) => user;
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('that returns another user than requested lets nobody in', async () => {
    const { client } = await test.loggedIn();
    users.change = (user) => user && { ...user, id: 424242 };
    expect((await client.post('/auth/refresh')).status).toBe(503);
    users.change = (user) => user;
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a bigint', { balance: 10n }],
    ['a circle', { circular }],
    ['a function', { role: () => 'admin' }],
    ['a promise', { roles: Promise.resolve(['admin']) }],
    ['a toJSON of their own', { toJSON: () => ({ sub: '1' }) }],
    ['too much', { bio: 'x'.repeat(9000) }],
  ])('whose claims contain %s gets an error, and no token is used up', async (_what, claims) => {
    const { client, username } = await test.loggedIn();
    const before = await test.sessions.find();
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    users.change = (user) => user && { ...user, claims };
    for (const response of [await client.post('/auth/refresh'), await login(username)]) {
      expect([response.status, response.body.code]).toEqual([500, 'misconfigured']);
      expect(response.setCookies).toEqual([]);
    }
    const sentences = error.mock.calls.map(([sentence]) => String(sentence));
    expect(sentences.filter((each) => /^The (claim|access token) /.test(each))).toHaveLength(1);
    error.mockRestore();
    expect(await test.sessions.find()).toEqual(before);
    users.change = (user) => user;
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('that creates its users as disabled registers them, and starts no session', async () => {
    const before = await test.sessions.count();
    users.change = (user) => user && { ...user, disabled: true };
    const body = { username: 'awaiting-approval', password: PASSWORD };
    const response = await test.client().post('/auth/register', { body });
    expect([response.status, response.body.code]).toEqual([401, 'invalid_credentials']);
    expect(response.setCookies).toEqual([]);
    expect(await test.sessions.count()).toBe(before);
    users.change = (user) => user;
    expect((await login(body.username)).status).toBe(200);
  });
});

describe.each(databaseKinds)('ids that no user has, on $name,', (database) => {
  it('are refused or harmless, and cause no outage', async () => {
    await withTestApp({ database }, async ({ auth }) => {
      const odd = [
        'a\0b',
        '99999999999',
        '07',
        ' 1',
        '1e3',
        'x',
        '-1',
        '1.5',
        "1' OR '1",
        null,
        {},
      ];
      for (const id of odd as string[]) {
        const outcomes = await Promise.allSettled([
          auth.loginAs(id),
          auth.listSessions(id),
          auth.revokeSession(id, '0'.repeat(32)),
          auth.revokeAllForUser(id),
          auth.logoutAll(id),
          auth.changePassword(id, { currentPassword: PASSWORD, newPassword: PASSWORD }),
          auth.login({ username: id, password: PASSWORD }),
        ]);
        for (const outcome of outcomes) {
          const code = outcome.status === 'fulfilled' ? 'in' : outcome.reason.code;
          expect(code).toMatch(/^(in|invalid_request|session_revoked|invalid_credentials)$/);
        }
        expect(outcomes[0]!.status).toBe('rejected');
      }
    });
  });
});
