import { afterEach, describe, expect, it } from '@jest/globals';
import argon2 from 'argon2';
import type { AuthModuleOptions, DirectoryUser } from 'nestjs-refresh-auth';
import { RevocationFeed } from '../../src/sessions/revocation-feed.js';
import { databaseKinds, sqliteKind as database } from '../harness/databases.js';
import { COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

const NEW_PASSWORD = 'another horse battery staple';
const wrong = (username: string) => ({ username, password: 'a wrong horse battery staple' });

/** Events between two steps of one request. */
describe('between two steps', () => {
  let test: TestApp;
  afterEach(() => test.close());

  /** A directory whose user changes between the first read, for the login, and the second. */
  async function startWithUser(first: DirectoryUser, second: DirectoryUser | null) {
    const written: string[] = [];
    const users: AuthModuleOptions['users'] = {
      findByLogin: async () => first,
      findById: async () => second,
      updatePasswordHash: async (_id, hash) => void written.push(hash),
    };
    test = await startTestApp({ database, options: { users }, extras: { registration: false } });
    return written;
  }

  it('the password changes while the old one is checked: no session of the old one remains', async () => {
    const user = { id: '7', passwordHash: await argon2.hash(PASSWORD) };
    await startWithUser(user, { ...user, passwordHash: await argon2.hash(NEW_PASSWORD) });
    const login = await test.client().post('/auth/login', {
      body: { username: 'ada', password: PASSWORD },
    });
    expect([login.status, login.body.code]).toEqual([401, 'invalid_credentials']);
    expect(login.setCookies).toEqual([]);
    expect(await test.auth.listSessions('7')).toEqual([]);
  });

  it.each([
    ['disabled', { disabled: true }],
    ['deleted', null],
  ])('a user is %s while the password is checked: no session remains', async (_what, change) => {
    const user = { id: '7', passwordHash: await argon2.hash(PASSWORD) };
    await startWithUser(user, change && { ...user, ...change });
    const body = { username: 'ada', password: PASSWORD };
    expect((await test.client().post('/auth/login', { body })).status).toBe(401);
    expect(await test.auth.listSessions('7')).toEqual([]);
  });

  it('the password changes while the old one is rehashed: the new one remains', async () => {
    const weak = { memoryCost: 8192, timeCost: 1, parallelism: 1 };
    const user = { id: '7', passwordHash: await argon2.hash(PASSWORD, weak) };
    const changed = { ...user, passwordHash: await argon2.hash(NEW_PASSWORD) };
    const written = await startWithUser(user, changed);
    await test.client().post('/auth/login', { body: { username: 'ada', password: PASSWORD } });
    expect(written).toEqual([]);
  });

  it('an outage is no failed attempt: the owner can log in after it', async () => {
    test = await startTestApp({ database });
    const { username } = await test.loggedIn();
    await test.dataSource.query('ALTER TABLE users RENAME TO gone');
    for (let i = 0; i < 15; i += 1) {
      const body = { username, password: PASSWORD };
      expect((await test.client().post('/auth/login', { body })).status).toBe(503);
    }
    await test.dataSource.query('ALTER TABLE gone RENAME TO users');
    const body = { username, password: PASSWORD };
    expect((await test.client().post('/auth/login', { body })).status).toBe(200);
  });

  it('a thief sends the current token very often: the owner’s superseded one is still detected as reuse', async () => {
    test = await startTestApp({ database, options: { limits: { refresh: { attempts: 3 } } } });
    const { client } = await test.loggedIn();
    const old = `${COOKIE}=${await client.cookie(COOKIE)}`;
    await client.post('/auth/refresh');
    const responses = [];
    for (let i = 0; i < 6; i += 1) responses.push((await client.post('/auth/refresh')).status);
    expect(responses).toEqual([200, 200, 200, 200, 429, 429]);
    test.clock.advance({ seconds: 30 });
    const reuse = await test.client().post('/auth/refresh', { cookie: old });
    expect([reuse.status, reuse.body.code]).toEqual([401, 'refresh_reused']);
  });

  it('a revoked session’s token makes no known device', async () => {
    test = await startTestApp({ database });
    const { client, username } = await test.loggedIn();
    const revoked = `${COOKIE}=${await client.cookie(COOKIE)}`;
    await client.post('/auth/logout');
    const tries = [];
    for (let i = 0; i < 12; i += 1) {
      const options = { body: wrong(username), cookie: i < 10 ? '' : revoked };
      tries.push((await test.client().post('/auth/login', options)).status);
    }
    expect(tries).toEqual([...Array<number>(10).fill(401), 429, 429]);
  });

  it('a revocation is committed long after its date: guards still notice it', async () => {
    test = await startTestApp({ database });
    const { client, accessToken } = await test.loggedIn();
    const feed = test.app.get(RevocationFeed, { strict: false });
    const revokedAt = test.clock.now();
    test.clock.advance({ seconds: 50 });
    await feed.poll();
    expect((await client.get('/guarded', { bearer: accessToken })).status).toBe(200);
    await test.sessions.update({ generation: 0 }, { revokedAt, revokedReason: 'everything' });
    await feed.poll();
    expect((await client.get('/guarded', { bearer: accessToken })).status).toBe(401);
  });
});

describe.each(databaseKinds)('the spelling of a name on $name', (kind) => {
  it('gives no additional attempts', async () => {
    const test = await startTestApp({ database: kind });
    try {
      const { username } = await test.loggedIn('victim');
      const spellings = [username, `${username} `, 'Victim', 'víctim', `${username}  `];
      for (let i = 0; i < 10; i += 1) {
        await test.client().post('/auth/login', { body: wrong(username) });
      }
      for (const spelling of spellings) {
        const body = { username: spelling, password: PASSWORD };
        expect((await test.client().post('/auth/login', { body })).status).not.toBe(200);
      }
    } finally {
      await test.close();
    }
  });
});
