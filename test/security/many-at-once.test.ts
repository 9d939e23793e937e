import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import type { HttpResponse } from '../harness/http-client.js';
import { PASSWORD, startTestApp, withTestApp, type TestApp } from '../harness/test-app.js';

const WRONG = `not ${PASSWORD}`;

const trustProxy = (app: INestApplication) =>
  (app as NestExpressApplication).set('trust proxy', true);

/** The headers of a request from this address through a proxy that the app trusts. */
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const address = (i: number) => `10.0.0.${i}`;

const summary = (responses: HttpResponse[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of responses) {
    const outcome = `${status} ${body?.code ?? ''}`.trim();
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

const login = (
  { client }: TestApp,
  username: string,
  password: string,
  options: { headers?: Record<string, string> } = {},
) => client().post('/auth/login', { body: { username, password }, ...options });

describe('simultaneous attempts at one account', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, prepare: trustProxy });
  });
  afterAll(() => test.close());

  it('all succeed with the right password', async () => {
    const { username } = await test.loggedIn();
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, i) => login(test, username, PASSWORD, from(address(i)))),
    );
    expect(summary(responses)).toEqual({ '200': 20 });
  });

  it('are checked ten times with a wrong one, and a right one behind them is not', async () => {
    const { username } = await test.loggedIn();
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        login(test, username, i === 19 ? PASSWORD : `${WRONG} ${i}`, from(address(i))),
      ),
    );
    expect(summary(responses)).toEqual({
      '401 invalid_credentials': 10,
      '429 too_many_attempts': 10,
    });
  });

  it('from one address all succeed, even past the limit of failures from there', async () => {
    const names: string[] = [];
    for (let i = 0; i < 13; i += 1) names.push((await test.loggedIn()).username);
    const responses = await Promise.all(
      Array.from({ length: 117 }, (_, i) =>
        login(test, names[i % names.length]!, PASSWORD, from('192.0.2.77')),
      ),
    );
    const { '429 too_many_attempts': refused = 0 } = summary(responses);
    expect(refused).toBe(0);
  });
});

describe('names that look like other counters’ keys', () => {
  it('lock nobody out, and reveal nobody’s existence', async () => {
    await withTestApp({ database: sqliteKind, prepare: trustProxy }, async (test) => {
      const { username } = await test.loggedIn();
      const { id } = await test.users.findOneByOrFail({ username });
      for (const name of [`id ${id}`, `${id}`]) {
        for (let i = 0; i < 12; i += 1) await login(test, name, WRONG, from(address(i)));
      }
      const firstLogin = await login(test, username, PASSWORD, from('198.51.100.8'));
      expect(firstLogin.status).toBe(200);

      for (let i = 0; i < 12; i += 1) {
        for (const name of [username, 'nobody']) await login(test, name, WRONG, from(address(i)));
      }
      for (const name of [`ID ${id}`, 'id 99', `user ${id}`]) {
        const refused = await login(test, name, WRONG, from('198.51.100.8'));
        expect([name, refused.status]).toEqual([name, name.startsWith('ID') ? 429 : 401]);
      }
    });
  });
});

describe('one address that keeps the hashing busy with its own accounts, under every limit,', () => {
  let test: TestApp;
  const attacker = from('192.0.2.66');

  beforeAll(async () => {
    const options = { passwords: { longestQueue: 10 } };
    test = await startTestApp({ database: sqliteKind, prepare: trustProxy, options });
  });
  afterAll(() => test.close());

  it.each<[string, string]>([
    ['by logins and changes of password', 'login'],
    ['by registrations', 'register'],
  ])('%s, keeps nobody else out', async (_how, way) => {
    const own: Awaited<ReturnType<TestApp['loggedIn']>>[] = [];
    for (let i = 0; i < 6; i += 1) own.push(await test.loggedIn());
    const victim = await test.loggedIn();
    const state = { hasEnded: false };
    const flood = Promise.all(
      Array.from({ length: 20 }, (_, round) =>
        Promise.all(
          own.flatMap(({ client, username, accessToken: bearer }, i) => {
            const credentials = { username, password: PASSWORD };
            const change = { currentPassword: PASSWORD, newPassword: PASSWORD };
            const fresh = { username: `own-${round}-${i}`, password: PASSWORD };
            return way === 'login'
              ? [
                  login(test, username, PASSWORD, attacker),
                  client.post('/auth/login', { body: credentials, ...attacker }),
                  client.post('/auth/password', { body: change, bearer, ...attacker }),
                ]
              : [test.client().post('/auth/register', { body: fresh, ...attacker })];
          }),
        ),
      ),
    ).finally(() => (state.hasEnded = true));

    const responses: HttpResponse[] = [];
    while (!state.hasEnded) {
      responses.push(await login(test, victim.username, PASSWORD, from('198.51.100.9')));
      const body = { username: victim.username, password: PASSWORD };
      responses.push(await victim.client.post('/auth/login', { body, ...from('198.51.100.10') }));
    }
    expect(summary(responses)).toEqual({ '200': responses.length });
    const { '503 busy': busy = 0 } = summary((await flood).flat());
    expect(busy).toBeGreaterThan(0);
  });
});
