import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { TypeOrmRefreshTokenStore } from 'nestjs-refresh-auth';
import { beginTransaction, sqliteWays, type Ending } from '../harness/app-transaction.js';
import { sqliteKind } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import { COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';
import { watchSettled } from '../harness/watch-settled.js';

describe.each(sqliteWays)('while the app has a transaction open on SQLite ($way),', (given) => {
  let test: TestApp;
  let end: ((how: Ending) => Promise<void>) | null;

  beforeEach(async () => {
    end = null;
    const { dataSource } = given;
    test = await startTestApp({ database: sqliteKind, dataSource });
  });
  afterEach(async () => {
    await end?.('rollback');
    await test.close();
  });

  async function begin(): Promise<void> {
    end = await beginTransaction(test.dataSource);
  }

  /** Rolls the app's transaction back once the request has its response, or its statement waits in the database. */
  async function rollBackAmid<T>(request: Promise<T>): Promise<T> {
    const { isSettled } = watchSettled(request);
    let turns = 0;
    while (!isSettled() && turns < 500) {
      await turn();
      if (test.statements.some((sent) => WRITES_SESSION.test(sent))) turns += 1;
    }
    await end!('rollback');
    return request;
  }

  // A login reads the latest session before it writes one; without a second connection that read waits already.
  const WRITES_SESSION =
    /^(INSERT INTO|UPDATE) "refresh_tokens"|^SELECT .*ORDER BY "created_at" DESC/s;

  it('a logout with response 204 lasts after the rollback', async () => {
    const { client } = await test.loggedIn();
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    test.statements.length = 0;
    await begin();
    const { status } = await rollBackAmid(client.post('/auth/logout'));
    expect(status).toBe(204);
    expect((await test.client().post('/auth/refresh', { cookie })).body.code).toBe(
      'session_revoked',
    );
  });

  it('a login with response 200 lasts after the rollback', async () => {
    const { username } = await test.loggedIn();
    const body = { username, password: PASSWORD };
    const client = test.client();
    test.statements.length = 0;
    await begin();
    const login = await rollBackAmid(client.post('/auth/login', { body }));
    expect(login.status).toBe(200);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('a successor that was issued is valid after the rollback', async () => {
    const { client } = await test.loggedIn();
    test.statements.length = 0;
    await begin();
    const rotated = await rollBackAmid(client.post('/auth/refresh'));
    expect(rotated.status).toBe(200);
    expect(cookieSetBy(rotated, COOKIE)).not.toBe('');
    test.clock.advance({ minutes: 1 });
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('a detected reuse ends the session after the rollback', async () => {
    const { client } = await test.loggedIn();
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    await client.post('/auth/refresh');
    test.clock.advance({ minutes: 5 });
    test.statements.length = 0;
    await begin();
    const reuse = test.client().post('/auth/refresh', { cookie });
    const response = await rollBackAmid(reuse);
    expect(response.body.code).toBe('refresh_reused');
    expect((await client.post('/auth/refresh')).status).toBe(401);
  });

  it('which never ends, a logout returns 503 and guarded routes continue', async () => {
    const { client, accessToken: bearer } = await test.loggedIn();
    await begin();
    const logout = client.post('/auth/logout');
    const { isSettled } = watchSettled(logout);
    for (let i = 0; i < 20; i += 1) {
      expect((await test.client().get('/guarded', { bearer })).status).toBe(200);
    }
    expect(isSettled()).toBe(false);
    expect((await logout).body.code).toBe('store_unavailable');
    await end!('rollback');
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });
});

describe.each(sqliteWays.filter(({ isFile }) => isFile))(
  'beside an app transaction on SQLite ($way)',
  ({ dataSource: options }) => {
    let test: TestApp;

    beforeEach(async () => {
      test = await startTestApp({ database: sqliteKind, dataSource: options });
    });
    afterEach(() => test.close());

    it('sessions can be read', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      await test.dataSource.query('BEGIN IMMEDIATE');
      expect((await client.get('/auth/sessions', { bearer })).body).toHaveLength(1);
      await test.dataSource.query('ROLLBACK');
    });

    it('that has only read so far, a write waits, so that the app’s own write still succeeds', async () => {
      const { client } = await test.loggedIn();
      const [session] = await test.sessions.find();
      await test.dataSource.query('BEGIN');
      await test.dataSource.query('SELECT * FROM refresh_tokens');
      const store = new TypeOrmRefreshTokenStore(test.dataSource);
      const revoked = store.revoke({ id: session!.id }, 'logout', 1);
      await turn();
      await test.dataSource.query(`UPDATE users SET email = 'changed@example.com'`);
      await test.dataSource.query('COMMIT');
      expect(await revoked).toBe(1);
      expect((await client.post('/auth/refresh')).status).toBe(401);
    });
  },
);
