import { ForbiddenException } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TypeOrmRefreshTokenStore, type UserDirectory } from 'nestjs-refresh-auth';
import type { DataSource } from 'typeorm';
import { AppUsers } from '../../src/app/users/app-users.js';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { cookieSetBy, type HttpResponse } from '../harness/http-client.js';
import {
  COOKIE,
  PASSWORD,
  startTestApp,
  withTestApp,
  type AdapterName,
  type TestApp,
} from '../harness/test-app.js';

const everywhere: { on: string; database: typeof sqliteKind; adapter: AdapterName }[] = [
  ...databaseKinds.map((database) => ({
    on: database.name,
    database,
    adapter: 'express' as const,
  })),
  { on: 'SQLite, fastify', database: sqliteKind, adapter: 'fastify' },
];

const outcomeOf = ({ status, body, headers, setCookies }: HttpResponse) => ({
  status,
  body,
  setCookies,
  retryAfter: headers.get('retry-after'),
  caching: headers.get('cache-control'),
});

const tryAgain = {
  status: 503,
  body: {
    statusCode: 503,
    error: 'Service Unavailable',
    message: expect.stringMatching(/Try again/),
    code: 'store_unavailable',
  },
  setCookies: [],
  retryAfter: '1',
  caching: 'no-store',
};

describe.each(everywhere)(
  'while sessions can’t be read or written, on $on,',
  ({ database, adapter }) => {
    let test: TestApp;

    beforeAll(async () => {
      test = await startTestApp({ database, adapter });
    });
    afterAll(() => test.close());

    const outage = () => test.dataSource.query('ALTER TABLE refresh_tokens RENAME TO elsewhere');
    const recovery = () => test.dataSource.query('ALTER TABLE elsewhere RENAME TO refresh_tokens');

    it('every route that needs them returns 503 and loses nothing; a moment later all works', async () => {
      const { client, accessToken: bearer, username } = await test.loggedIn();
      const credentials = { username, password: PASSWORD };
      const [{ id }] = (await client.get('/auth/sessions', { bearer })).body;
      const passwords = { currentPassword: PASSWORD, newPassword: 'battery horse staple' };
      await outage();
      try {
        for (const response of [
          await client.post('/auth/refresh'),
          await client.post('/auth/login', { body: credentials }),
          await client.post('/auth/logout'),
          await client.post('/auth/logout-all', { bearer }),
          await client.get('/auth/sessions', { bearer }),
          await client.delete(`/auth/sessions/${id}`, { bearer }),
        ]) {
          expect(outcomeOf(response)).toEqual(tryAgain);
        }
        expect((await client.get('/guarded', { bearer })).status).toBe(200);
        expect((await client.get('/auth/me', { bearer })).status).toBe(200);
        expect((await test.client().post('/auth/refresh')).body.code).toBe('refresh_missing');
        expect((await test.client().post('/auth/logout')).status).toBe(204);
      } finally {
        await recovery();
      }
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect((await client.post('/auth/password', { bearer, body: passwords })).status).toBe(204);
      expect((await client.post('/auth/logout')).status).toBe(204);
    });

    it('a registration that failed can be repeated', async () => {
      const body = { username: `late-${adapter}`, password: PASSWORD };
      await outage();
      const first = await test.client().post('/auth/register', { body });
      await recovery();
      const second = await test.client().post('/auth/register', { body });
      expect([first.status, second.status]).toEqual([503, 201]);
    });

    it('a change of password that failed can be repeated', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      const body = { currentPassword: PASSWORD, newPassword: 'battery horse staple correct' };
      await outage();
      const first = await client.post('/auth/password', { bearer, body });
      await recovery();
      const second = await client.post('/auth/password', { bearer, body });
      expect([first.status, second.status]).toEqual([503, 204]);
    });

    it('a logout that failed can be repeated, and then takes effect', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      await outage();
      expect(outcomeOf(await client.post('/auth/logout'))).toEqual(tryAgain);
      await recovery();
      expect((await client.post('/auth/logout')).status).toBe(204);
      expect((await client.get('/guarded', { bearer })).body.code).toBe('session_revoked');
    });
  },
);

describe.each(databaseKinds)('when the whole database is gone, on $name,', (database) => {
  it('guarded routes continue, and every other route returns 503 with Retry-After', async () => {
    await withTestApp({ database }, async (test) => {
      const { client, accessToken: bearer, username } = await test.loggedIn();
      const body = { username, password: PASSWORD };
      await test.dataSource.destroy();
      try {
        expect(outcomeOf(await client.post('/auth/refresh'))).toEqual(tryAgain);
        expect(outcomeOf(await client.post('/auth/logout'))).toEqual(tryAgain);
        for (const route of ['login', 'register']) {
          const response = await test.client().post(`/auth/${route}`, { body });
          expect(outcomeOf(response)).toEqual(tryAgain);
        }
        expect((await client.get('/guarded', { bearer })).status).toBe(200);
      } finally {
        await test.dataSource.initialize();
      }
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });
  });
});

describe('when the app’s user directory fails', () => {
  let test: TestApp;
  let failure: Error | null = null;
  const users = (): AppUsers => test.app.get(AppUsers, { strict: false });
  const failing = (): void => {
    if (failure !== null) throw failure;
  };
  const directory: UserDirectory = {
    findByLogin: async (login) => (failing(), users().findByLogin(login)),
    findById: async (id) => (failing(), users().findById(id)),
    create: async (user) => (failing(), users().create(user)),
    updatePasswordHash: async () => {
      throw new Error('read-only replica');
    },
  };

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, options: { users: directory } });
  });
  afterEach(() => {
    failure = null;
  });
  afterAll(() => test.close());

  it('a refresh uses up no token: the same one works a moment later', async () => {
    const { client } = await test.loggedIn();
    await client.post('/auth/refresh');
    test.clock.advance({ minutes: 5 });
    const before = await test.sessions.find();

    failure = new Error('connect ECONNREFUSED ldap://users.internal password=hunter2');
    const response = await client.post('/auth/refresh');
    expect(outcomeOf(response)).toEqual(tryAgain);
    expect(JSON.stringify(response.body)).not.toMatch(/ldap|hunter2/);
    expect(await test.sessions.find()).toEqual(before);

    failure = null;
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('a login and a registration return 503 with Retry-After', async () => {
    const { username } = await test.loggedIn();
    failure = new TypeError('fetch failed');
    for (const route of ['login', 'register']) {
      const body = { username, password: PASSWORD };
      const response = await test.client().post(`/auth/${route}`, { body });
      expect(outcomeOf(response)).toEqual(tryAgain);
    }
  });

  it('guarded routes are not affected', async () => {
    const { client, accessToken: bearer } = await test.loggedIn();
    failure = new Error('gone');
    expect((await client.get('/guarded', { bearer })).status).toBe(200);
  });

  it('an HTTP exception of the directory is a 503 with Retry-After, and ends nothing', async () => {
    const { client } = await test.loggedIn();
    failure = new ForbiddenException('Pay your bill first.');
    const response = await client.post('/auth/refresh');
    expect(outcomeOf(response)).toEqual(tryAgain);
    expect(response.setCookies).toEqual([]);
    failure = null;
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('a hash that can’t be renewed stops no login', async () => {
    const { username } = await test.loggedIn();
    await withTestApp(
      {
        database: sqliteKind,
        databaseUrl: test.databaseUrl,
        options: { users: directory, passwords: { timeCost: 3 } },
      },
      async (stronger) => {
        const body = { username, password: PASSWORD };
        expect((await stronger.client().post('/auth/login', { body })).status).toBe(200);
      },
    );
  });
});

describe('when the database commits a rotation and dies before it can confirm it', () => {
  it('the same refresh token gets the committed successor', async () => {
    let dies = false;
    let dataSource!: DataSource;
    const store = new Proxy({} as TypeOrmRefreshTokenStore, {
      get:
        (_, method: keyof TypeOrmRefreshTokenStore) =>
        async (...given: never[]) => {
          const real = new TypeOrmRefreshTokenStore(dataSource);
          const call = real[method] as (...given: never[]) => Promise<unknown>;
          const result = await call.apply(real, given);
          if (dies && method === 'rotate') throw new Error('Connection terminated');
          return result;
        },
    });
    await withTestApp({ database: sqliteKind, options: { store } }, async (test) => {
      ({ dataSource } = test);
      const { client } = await test.loggedIn();
      const first = await client.cookie(COOKIE);

      dies = true;
      expect(outcomeOf(await client.post('/auth/refresh'))).toEqual(tryAgain);
      dies = false;

      const retried = await client.post('/auth/refresh');
      expect(retried.status).toBe(200);
      expect(cookieSetBy(retried, COOKIE)).not.toBe(first);
      expect(await test.sessions.find()).toMatchObject([{ generation: 1, revokedAt: null }]);
      expect((await client.post('/auth/refresh')).setCookies).toEqual([]);
    });
  });
});
