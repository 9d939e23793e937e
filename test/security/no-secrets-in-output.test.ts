import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AUTH_EVENT_CHANNEL, type AuthEvent, type AuthModuleOptions } from 'nestjs-refresh-auth';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import {
  ACCESS_SECRET,
  COOKIE,
  PASSWORD,
  REFRESH_SECRET,
  startTestApp,
  type AdapterName,
  type TestApp,
} from '../harness/test-app.js';
import { Harvest, HarvestingClient } from './harvest.js';

const NEW_PASSWORD = 'seven green pears at dawn';
const WRONG_PASSWORD = 'a guess that is wrong';

const everywhere: {
  on: string;
  database: typeof sqliteKind;
  adapter: AdapterName;
  own: boolean;
}[] = [
  ...databaseKinds.map((database) => ({
    on: database.name,
    database,
    adapter: 'express' as const,
    own: false,
  })),
  { on: 'SQLite, fastify, with a listener', database: sqliteKind, adapter: 'fastify', own: true },
];

describe.each(everywhere)('on $on', ({ database, adapter, own }) => {
  const harvest = new Harvest();
  const onChannel = (event: unknown) => harvest.read('the channel', event);
  const types = new Set<string>();
  const onType = (event: unknown) => types.add((event as AuthEvent).type);
  let test: TestApp;

  beforeAll(async () => {
    subscribe(AUTH_EVENT_CHANNEL, onChannel);
    subscribe(AUTH_EVENT_CHANNEL, onType);
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((chunk) => {
        harvest.read('the terminal', String(chunk));
        return true;
      });
    }
    harvest.keep('a secret of the configuration', ACCESS_SECRET);
    harvest.keep('a secret of the configuration', REFRESH_SECRET);

    const failingHasher = {
      recognizes: (storedHash: string) => storedHash.startsWith('legacy'),
      verify: () => Promise.reject(new Error('the library is missing')),
    };
    const listener: AuthModuleOptions['events'] = (event) => {
      harvest.read('the listener', event);
      throw new Error('the listener fails');
    };
    test = await startTestApp({
      database,
      adapter,
      options: {
        cookies: { access: true },
        limits: { account: { attempts: 3 } },
        passwordHashers: [failingHasher],
        ...(own ? { events: listener } : {}),
      },
      prepare: (app) => app.useLogger(harvest),
    });
  });
  afterAll(async () => {
    await test.close();
    jest.restoreAllMocks();
    unsubscribe(AUTH_EVENT_CHANNEL, onChannel);
    unsubscribe(AUTH_EVENT_CHANNEL, onType);
  });

  const client = () => new HarvestingClient(test.url, harvest);
  const login = (username: string, password: string, on = client()) =>
    on.post('/auth/login', { body: { username, password } });

  async function registered(username: string) {
    const fresh = client();
    const body = { username, password: PASSWORD };
    const { accessToken } = (await fresh.post('/auth/register', { body })).body;
    const cookie = (await fresh.cookie(COOKIE))!;
    return { client: fresh, bearer: accessToken as string, cookie: `${COOKIE}=${cookie}` };
  }

  async function succeed(): Promise<void> {
    const ada = await registered('ada');
    await ada.client.post('/auth/refresh');
    await ada.client.post('/auth/refresh', { cookie: ada.cookie });
    await ada.client.post('/auth/refresh');
    const { bearer } = ada;
    for (const path of ['/auth/me', '/auth/sessions', '/guarded', '/admin']) {
      await ada.client.get(path, { bearer });
    }
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await ada.client.post('/auth/password', { bearer, body });
    await login('ada', NEW_PASSWORD, ada.client);
    const { id } = (await ada.client.get('/auth/sessions')).body[0];
    await ada.client.delete(`/auth/sessions/${id}`);
    const again = await login('ada', NEW_PASSWORD);
    await client().post('/auth/logout-all', { bearer: again.body.accessToken });
    await (await registered('eve')).client.post('/auth/logout');
  }

  async function fail(): Promise<void> {
    const bob = await registered('bob');
    await bob.client.post('/auth/refresh');
    test.clock.advance({ minutes: 20 });
    await bob.client.get('/guarded', { bearer: bob.bearer });
    await client().post('/auth/refresh', { cookie: bob.cookie });
    for (const token of [`${bob.bearer}x`, bob.cookie.split('=')[1]!, 'x']) {
      await client().get('/guarded', { bearer: token });
      await client().post('/auth/refresh', { cookie: `${COOKIE}=${token}` });
    }
    await client().post('/auth/refresh', {
      cookie: bob.cookie,
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    for (let i = 0; i < 5; i += 1) await login('bob', `${WRONG_PASSWORD} ${i}`);
    await login('nobody', WRONG_PASSWORD);
    for (const [path, text] of [
      ['/auth/login', `{"username":"bob","password":"${PASSWORD}"`],
      ['/auth/login', `{"username":"bob","password":"${PASSWORD}"x}`],
      ['/auth/login', JSON.stringify({ username: 'bob', password: [PASSWORD] })],
      ['/auth/register', JSON.stringify({ username: 'bob', password: PASSWORD })],
      ['/auth/register', JSON.stringify({ username: NEW_PASSWORD, password: NEW_PASSWORD })],
      ['/shop', `{"password":"${PASSWORD}"`],
    ]) {
      await client().post(path!, { body: text });
    }
    const dan = await registered('dan');
    const body = { currentPassword: WRONG_PASSWORD, newPassword: NEW_PASSWORD };
    await dan.client.post('/auth/password', { bearer: dan.bearer, body });
    for (const newPassword of ['short one', PASSWORD.slice(0, 9).repeat(2), 'dan1234567890-1234']) {
      await dan.client.post('/auth/password', {
        bearer: dan.bearer,
        body: { currentPassword: PASSWORD, newPassword },
      });
    }
    for (const passwordHash of [
      'legacy',
      'no hash at all',
      '$argon2id$v=19$m=1,t=0,p=1$c2FsdA$aA',
    ]) {
      await test.users.update({ username: 'dan' }, { passwordHash });
      await login('dan', PASSWORD);
    }
  }

  async function breakTheDatabase(): Promise<void> {
    const flo = await registered('flo');
    for (const { passwordHash } of await test.users.find()) harvest.keep('a hash', passwordHash);
    for (const { tokenHash } of await test.sessions.find()) harvest.keep('a hash', tokenHash);
    for (const table of ['refresh_tokens', 'users']) {
      await test.dataSource.query(`ALTER TABLE ${table} RENAME TO gone_${table}`);
      for (const path of ['/auth/refresh', '/auth/logout']) {
        await client().post(path, { cookie: flo.cookie });
      }
      await login('flo', PASSWORD);
      await client().post('/auth/register', { body: { username: 'gus', password: NEW_PASSWORD } });
      await client().post('/auth/logout-all', { bearer: flo.bearer });
      await client().get('/auth/sessions', { bearer: flo.bearer });
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      await client().post('/auth/password', { bearer: flo.bearer, body });
      await test.dataSource.query(`ALTER TABLE gone_${table} RENAME TO ${table}`);
    }
    await test.auth.revokeEverything();
    test.clock.advance({ days: 60 });
    await test.auth.purgeExpired();
  }

  it('no log line, event, statement, header or error contains a secret, whatever happens', async () => {
    await succeed();
    await fail();
    await breakTheDatabase();
    for (const statement of test.statements) harvest.read('a statement', statement);

    expect(harvest.leaks()).toEqual([]);
    expect([...types].toSorted()).toEqual([
      'login_failed',
      'login_succeeded',
      'password_changed',
      'refused',
      'registered',
      'renewed',
      'replayed',
      'reuse_detected',
      'rotated',
      'session_revoked',
      'store_unavailable',
    ]);
    const { log, 'a response': responses, 'the listener': events = 0 } = harvest.amounts();
    expect(log).toBeGreaterThan(10);
    expect(responses).toBeGreaterThan(60);
    expect(events > 0).toBe(own);
    expect(harvest.size).toBeGreaterThan(60);
    expect(harvest.texts('a response').join('\n')).toMatch(
      /too_many_attempts[^]*refresh_reused|refresh_reused[^]*too_many_attempts/,
    );
  });
});

describe('the search for secrets', () => {
  it('finds deliberate leaks', () => {
    const harvest = new Harvest();
    harvest.keep('a password', PASSWORD);
    harvest.warn('login failed', { typed: { password: PASSWORD } }, 'AuthModule');
    expect(harvest.leaks()).toHaveLength(1);
  });
});
