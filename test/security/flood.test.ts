import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import type { HttpResponse } from '../harness/http-client.js';
import { PASSWORD, startTestApp, withTestApp, type TestApp } from '../harness/test-app.js';

const MEGABYTE = 1024 * 1024;
const WRONG = `not ${PASSWORD}`;

const trustProxy = (app: INestApplication) =>
  (app as NestExpressApplication).set('trust proxy', true);

/** The headers of a request from this address through a proxy that the app trusts. */
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const address = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

const summary = (responses: HttpResponse[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of responses) {
    const outcome = `${status} ${body?.code ?? ''}`.trim();
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

const retryAfter = ({ headers }: HttpResponse) => Number(headers.get('retry-after'));

const login = (
  { client }: TestApp,
  username: string,
  password: string,
  options: { headers?: Record<string, string> } = {},
) => client().post('/auth/login', { body: { username, password }, ...options });

describe('300 logins at once', () => {
  let test: TestApp;
  let username: string;
  let bearer: string;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, prepare: trustProxy });
    ({ username, accessToken: bearer } = await test.loggedIn());
  });
  afterAll(() => test.close());

  /** Calls a guarded route, one request after the other, until the flood ends. */
  async function meanwhile<T>(flood: Promise<T>): Promise<{ result: T; guarded: HttpResponse[] }> {
    const guarded: HttpResponse[] = [];
    const state = { hasEnded: false };
    const ended = flood.finally(() => (state.hasEnded = true));
    while (!state.hasEnded) guarded.push(await test.client().get('/guarded', { bearer }));
    return { result: await ended, guarded };
  }

  it('by as many users from as many addresses: guarded routes continue, most logins get a Retry-After', async () => {
    const before = process.memoryUsage.rss();
    let highest = before;
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage.rss());
    }, 20);
    const { result, guarded } = await meanwhile(
      Promise.all(
        Array.from({ length: 300 }, (_, i) => login(test, `user${i}`, WRONG, from(address(i)))),
      ),
    );
    clearInterval(watch);

    // Two are computed at a time and a hundred wait; how many are done before the last request comes varies.
    const { '401 invalid_credentials': refused = 0, '503 busy': busy = 0 } = summary(result);
    expect(refused + busy).toBe(300);
    expect(refused).toBeGreaterThanOrEqual(102);
    expect(busy).toBeGreaterThan(50);
    for (const { status, headers } of result) {
      expect(headers.get('retry-after')).toBe(status === 503 ? '2' : null);
    }
    expect(guarded.length).toBeGreaterThan(20);
    expect(summary(guarded)).toEqual({ '200': guarded.length });
    process.stderr.write(
      `300 logins at once: ${busy} got a Retry-After, ${guarded.length} guarded requests meanwhile, ${Math.round((highest - before) / MEGABYTE)} MiB more\n`,
    );
    // Two hashes of 19 MiB, and room for 300 requests; all 300 hashes would be 5.6 GiB.
    expect(highest - before).toBeLessThan(256 * MEGABYTE);
  });

  it('from one address: a hundred are checked, the others get a Retry-After', async () => {
    const attempts = Array.from({ length: 300 }, (_, i) => `other${i}`);
    const { result, guarded } = await meanwhile(
      Promise.all(attempts.map((name) => login(test, name, WRONG, from('192.0.2.1')))),
    );
    expect(summary(result)).toEqual({
      '401 invalid_credentials': 100,
      '429 too_many_attempts': 200,
    });
    const waits = result.filter(({ status }) => status === 429).map(retryAfter);
    expect(Math.min(...waits)).toBeGreaterThan(600);
    expect(summary(guarded)).toEqual({ '200': guarded.length });
    expect((await login(test, username, PASSWORD, from('192.0.2.2'))).status).toBe(200);
  });
});

describe('a thousand guesses at one account, from a thousand addresses,', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, prepare: trustProxy });
  });
  afterAll(() => test.close());

  it('are limited to ten, and don’t lock the owner out of a known device', async () => {
    const owner = await test.loggedIn();
    const { username } = owner;
    const ownLogin = () =>
      owner.client.post('/auth/login', { body: { username, password: PASSWORD } });
    const guesses: HttpResponse[] = [];
    const owners: HttpResponse[] = [];
    for (let i = 0; i < 1000; i += 50) {
      const slice = Array.from({ length: 50 }, (_, j) =>
        login(test, username, `guess ${i + j} at it`, from(address(i + j))),
      );
      guesses.push(...(await Promise.all(slice)));
      if (i % 250 === 0) owners.push(await ownLogin());
    }
    expect(summary(owners)).toEqual({ '200': 4 });
    expect(summary(guesses)).toEqual({
      '401 invalid_credentials': 10,
      '429 too_many_attempts': 990,
    });
    expect((await ownLogin()).status).toBe(200);

    const unknownDevice = await login(test, username, PASSWORD, from('198.51.100.7'));
    expect([unknownDevice.status, unknownDevice.body.code]).toEqual([429, 'too_many_attempts']);
    expect(unknownDevice.setCookies).toEqual([]);
    // The locked-out device may still use its session.
    expect((await owner.client.post('/auth/refresh')).status).toBe(200);
  });

  it('get the same response whether the account exists or not', async () => {
    const { username } = await test.loggedIn();
    const outcomes = [];
    for (const name of [username, 'nobody-of-this-name']) {
      const responses = [];
      for (let i = 0; i < 12; i += 1)
        responses.push(await login(test, name, WRONG, from(address(i))));
      outcomes.push(responses.map(({ status, body }) => ({ status, body })));
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
  });

  it('with a stranger’s cookie count as from an unknown device', async () => {
    const { username } = await test.loggedIn();
    const stranger = await test.loggedIn();
    const responses = [];
    for (let i = 0; i < 12; i += 1) {
      const body = { username, password: WRONG };
      responses.push(await stranger.client.post('/auth/login', { body, ...from(address(i)) }));
    }
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 10,
      '429 too_many_attempts': 2,
    });
  });

  it('on a known device are limited to ten too', async () => {
    const { client, username } = await test.loggedIn();
    const guess = () => client.post('/auth/login', { body: { username, password: WRONG } });
    const responses = [];
    for (let i = 0; i < 12; i += 1) responses.push(await guess());
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 10,
      '429 too_many_attempts': 2,
    });
  });

  it('at the current password, with a stolen access token, are limited to ten', async () => {
    const { client, accessToken: bearer, username } = await test.loggedIn();
    const responses = [];
    for (let i = 0; i < 12; i += 1) {
      const body = { currentPassword: `${WRONG} ${i}`, newPassword: 'seven green pears at dawn' };
      responses.push(await client.post('/auth/password', { bearer, body }));
    }
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 10,
      '429 too_many_attempts': 2,
    });
    expect((await login(test, username, PASSWORD)).status).toBe(200);
  });
});

describe('a pause', () => {
  it('ends after the time in its Retry-After', async () => {
    const options = { limits: { account: { attempts: 2, per: '2s' } } };
    await withTestApp({ database: sqliteKind, options }, async (test) => {
      const { username } = await test.loggedIn();
      for (let i = 0; i < 2; i += 1) await login(test, username, WRONG);
      const refused = await login(test, username, PASSWORD);
      expect(refused.status).toBe(429);
      const seconds = retryAfter(refused);
      expect([1, 2]).toContain(seconds);
      // Failures are counted in real time, even if the module has another clock.
      await pause(seconds * 1000 + 50);
      expect((await login(test, username, PASSWORD)).status).toBe(200);
    });
  });
});

describe.each(databaseKinds)('failures that two instances count together on $name', (database) => {
  let one: TestApp;
  let two: TestApp;

  beforeAll(async () => {
    const options = { limits: { account: { attempts: 6 }, store: 'database' as const } };
    one = await startTestApp({ database, options, prepare: trustProxy });
    const { databaseUrl } = one;
    two = await startTestApp({ database, databaseUrl, options, prepare: trustProxy });
  });
  afterAll(async () => {
    await two.close();
    await one.close();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are six, not twelve, however they are distributed', async () => {
    const { username } = await one.loggedIn();
    const responses = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        login(i % 2 === 0 ? one : two, username, WRONG, from(address(i))),
      ),
    );
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 6,
      '429 too_many_attempts': 24,
    });
    for (const instance of [one, two]) {
      const refused = await login(instance, username, PASSWORD);
      expect(refused.status).toBe(429);
      expect(retryAfter(refused)).toBeGreaterThan(800);
    }
  });

  it('are forgotten everywhere after a success anywhere', async () => {
    const { username } = await one.loggedIn();
    for (let i = 0; i < 5; i += 1) await login(one, username, WRONG, from(address(i)));
    expect((await login(two, username, PASSWORD)).status).toBe(200);
    for (let i = 0; i < 5; i += 1) {
      expect((await login(one, username, WRONG, from(address(i)))).status).toBe(401);
    }
  });

  it('are stored in the database without names and passwords', async () => {
    const { username } = await one.loggedIn();
    await login(one, username, WRONG);
    const rows: unknown[] = await one.dataSource.query('SELECT * FROM auth_rate_limits');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(username);
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  });

  it('from an address longer than any real one cause no outage', async () => {
    const response = await login(one, 'nobody', WRONG, from('x'.repeat(2000)));
    expect([response.status, response.body.code]).toEqual([401, 'invalid_credentials']);
  });

  it('are counted in each instance’s memory while the table is missing, and together again afterwards', async () => {
    const { username } = await one.loggedIn();
    await one.dataSource.query('ALTER TABLE auth_rate_limits RENAME TO out_of_reach');
    const responses: HttpResponse[] = [];
    for (let i = 0; i < 20; i += 1) {
      responses.push(await login(i % 2 === 0 ? one : two, username, WRONG, from(address(i))));
    }
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 12,
      '429 too_many_attempts': 8,
    });
    await one.dataSource.query('ALTER TABLE out_of_reach RENAME TO auth_rate_limits');
    expect((await login(one, username, PASSWORD)).status).toBe(200);
  });
});

describe('an app behind a proxy that is not configured as trusted', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('counts all clients as the proxy, and warns about it once in the log', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const options = { limits: { address: { attempts: 2 } } };
    const responses = await withTestApp({ database: sqliteKind, options }, async (test) => {
      const all: HttpResponse[] = [];
      for (let i = 0; i < 3; i += 1)
        all.push(await login(test, `user${i}`, WRONG, from(address(i))));
      return all;
    });
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 2,
      '429 too_many_attempts': 1,
    });
    const warnings = warn.mock.calls.filter(([line]) => /doesn't trust a proxy/.test(String(line)));
    expect(warnings).toHaveLength(1);
  });
});
