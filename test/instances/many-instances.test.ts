import { describe, expect, it } from '@jest/globals';
import type { AppProcess } from '../harness/app-process.js';
import { databaseKinds } from '../harness/databases.js';
import { cookieSetBy, HttpClient } from '../harness/http-client.js';
import { generationsOf } from '../harness/generations.js';
import { useInstancesOn } from '../harness/instances.js';
import { retryWhileBusy } from '../harness/retry-while-busy.js';
import { PASSWORD } from '../harness/test-secrets.js';

/** Without HTTPS the reference app leaves the prefix out. */
const COOKIE = 'refresh_token';
const LEEWAY_MS = 60_000;

const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');
const kinds = servers.length > 0 ? servers : databaseKinds;

describe.each(kinds)('instances that share a database on $name', (kind) => {
  const { start, databaseUrl } = useInstancesOn(kind);

  it.each([
    { instances: 2, clocks: [0, 0] },
    { instances: 3, clocks: [0, 0, 0] },
  ])(
    '$instances of them serve 20 users, 60 refreshes each at once, 5 rounds: no fork, no refusal',
    async ({ clocks }) => {
      const apps = await start(clocks, { REFRESH_TOKEN_LEEWAY: `${LEEWAY_MS}ms` });
      const users = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          login(apps[i % apps.length]!, `u${clocks.length}-${i}`),
        ),
      );
      let tokens = users.map(({ token }) => token);
      for (let round = 1; round <= 5; round += 1) {
        const successors = await Promise.all(
          tokens.map(async (token) => {
            const responses = await Promise.all(
              Array.from({ length: 60 }, (_, i) =>
                retryWhileBusy(() => refresh(apps[i % apps.length]!, token)),
              ),
            );
            expect(responses.map(({ status }) => status)).toEqual(Array(60).fill(200));
            const set = new Set(responses.map((response) => cookieSetBy(response, COOKIE)));
            expect(set.size).toBe(1);
            return [...set][0]!;
          }),
        );
        tokens = successors;
        expect(await generationsOf(databaseUrl(), users)).toEqual(Array(20).fill(round));
        await Promise.all(apps.map((app) => app.advance(LEEWAY_MS)));
      }
    },
    600_000,
  );

  it('never refresh again what a logout ended, though the two race 500 times', async () => {
    const apps = await start([0, 0], { REFRESH_TOKEN_LEEWAY: '60s' });
    const { accessToken } = await login(apps[0]!, 'racer');
    expect(accessToken).toEqual(expect.any(String));
    const client = new HttpClient(apps[0]!.url);
    for (let race = 0; race < 500; race += 1) {
      const { token } = await loginAgain(client);
      const [refreshed, loggedOut] = await Promise.all([
        refresh(apps[race % 2]!, token),
        new HttpClient(apps[(race + 1) % 2]!.url).post('/auth/logout', {
          cookie: `${COOKIE}=${token}`,
        }),
      ]);
      expect(loggedOut.status).toBe(204);
      const last = cookieSetBy(refreshed, COOKIE) || token;
      const after = await Promise.all(apps.map((app) => refresh(app, last)));
      expect(after.map(({ status, body }) => [status, body.code])).toEqual([
        [401, 'session_revoked'],
        [401, 'session_revoked'],
      ]);
    }
  }, 600_000);

  it('refuse within two seconds an access token whose session another one ended', async () => {
    const apps = await start([0, 0]);
    const { token, accessToken } = await login(apps[0]!, 'leaver');
    const guarded = () =>
      new HttpClient(apps[1]!.url).get('/api/protected', { bearer: accessToken });
    expect((await guarded()).status).toBe(200);
    await new HttpClient(apps[0]!.url).post('/auth/logout', { cookie: `${COOKIE}=${token}` });
    await apps[1]!.waitFor(2000);
    const after = await guarded();
    expect([after.status, after.body.code]).toEqual([401, 'session_revoked']);
  });

  it('agree although their clocks are five seconds apart', async () => {
    // The difference of the clocks shortens the leeway; the rest must be enough for a slow machine.
    const apps = await start([0, 5000, -5000], { REFRESH_TOKEN_LEEWAY: `${LEEWAY_MS}ms` });
    const { token, accessToken } = await login(apps[1]!, 'skewed');
    const responses = await Promise.all(
      Array.from({ length: 30 }, (_, i) => refresh(apps[i % 3]!, token)),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(30).fill(200));
    const successors = new Set(responses.map((response) => cookieSetBy(response, COOKIE)));
    expect(successors.size).toBe(1);
    const renewals = await Promise.all(apps.map((app) => refresh(app, [...successors][0]!)));
    expect(renewals.map(({ status }) => status)).toEqual([200, 200, 200]);

    const guarded = () =>
      Promise.all(
        apps.map((app) => new HttpClient(app.url).get('/api/protected', { bearer: accessToken })),
      );
    expect((await guarded()).map(({ status }) => status)).toEqual([200, 200, 200]);
    await new HttpClient(apps[2]!.url).post('/auth/logout', {
      cookie: `${COOKIE}=${[...successors][0]}`,
    });
    await Promise.all(apps.map((app) => app.waitFor(2000)));
    expect((await guarded()).map(({ body }) => body.code)).toEqual(
      Array(3).fill('session_revoked'),
    );
  });
});

async function loginAgain(client: HttpClient) {
  const response = await client.post('/auth/login', {
    body: { username: 'racer', password: PASSWORD },
    cookie: '',
  });
  return { token: cookieSetBy(response, COOKIE)! };
}

async function login(app: AppProcess, username: string) {
  const client = new HttpClient(app.url);
  const response = await client.post('/auth/register', { body: { username, password: PASSWORD } });
  expect(response.status).toBe(201);
  return {
    token: cookieSetBy(response, COOKIE)!,
    accessToken: response.body.accessToken as string,
  };
}

function refresh(app: AppProcess, token: string) {
  return new HttpClient(app.url).post('/auth/refresh', { cookie: `${COOKIE}=${token}` });
}
