import { expect, it } from '@jest/globals';
import type { AppProcess } from '../harness/app-process.js';
import { databaseKinds } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { cookieSetBy, HttpClient } from '../harness/http-client.js';
import { useInstancesOn } from '../harness/instances.js';
import { PASSWORD } from '../harness/test-secrets.js';

const COOKIE = 'refresh_token';
const MINUTE = 60_000;

/** SQLite is one machine with one clock. */
const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');

describeOnEach(servers)('instances with different clocks, on $name,', (kind) => {
  const instances = useInstancesOn(kind);

  async function start(secondsAhead: number[], environment: Record<string, string> = {}) {
    const apps = await instances.start(
      secondsAhead.map((seconds) => 1000 * seconds),
      environment,
    );
    return apps as [AppProcess, AppProcess];
  }

  const APART = [
    [20, -20],
    [-20, 20],
    [28, -28],
    [-28, 28],
  ];

  it.each(APART)(
    'one by %d, one by %d seconds, replay for a late tab, and detect a theft',
    async (a, b) => {
      const [one, two] = await start([a, b]);
      const first = await loggedIn(one);
      const second = await rotated(one, first);
      const late = await refresh(two, first);
      expect([late.status, cookieSetBy(late, COOKIE)]).toEqual([200, second]);
      const renewal = await refresh(two, second);
      expect([renewal.status, cookieSetBy(renewal, COOKIE)]).toEqual([200, null]);
      for (const app of instances.running()) await app.advance(2 * MINUTE);
      expect((await refresh(two, first)).body.code).toBe('refresh_reused');
    },
  );

  it.each([28, -28])(
    'one by %d seconds until it was corrected, replay for a late tab',
    async (ahead) => {
      const [one, two] = await start([0, ahead]);
      await two.advance(-1000 * ahead);
      const first = await loggedIn(two);
      const [rotating, late] = ahead > 0 ? [two, one] : [one, two];
      const second = await rotated(rotating, first);
      for (const app of instances.running()) await app.advance(4000);
      const response = await refresh(late, first);
      expect([response.status, cookieSetBy(response, COOKIE)]).toEqual([200, second]);
    },
  );

  it.each(APART.slice(2))(
    'one by %d, one by %d seconds, end no session too early',
    async (a, b) => {
      const [one, two] = await start([a, b], {
        ACCESS_TOKEN_EXPIRY: '30s',
        REFRESH_TOKEN_EXPIRY: '35s',
        REFRESH_TOKEN_ABSOLUTE_EXPIRY: '35s',
      });
      const body = { username: `u${a}${b}`, password: PASSWORD };
      const login = await new HttpClient(one.url).post('/auth/register', { body });
      const bearer = login.body.accessToken as string;
      const guarded = await new HttpClient(two.url).get('/api/protected', { bearer });
      expect(guarded.status).toBe(200);
      expect((await refresh(two, cookieSetBy(login, COOKIE)!)).status).toBe(200);
    },
  );

  it('half a minute away from the database’s, don’t boot', async () => {
    await expect(start([31])).rejects.toThrow(/31 seconds apart: synchronize them/);
    await expect(start([-31])).rejects.toThrow(/31 seconds apart: synchronize them/);
  });

  let names = 0;
  async function loggedIn(app: AppProcess): Promise<string> {
    const body = { username: `late${(names += 1)}`, password: PASSWORD };
    const response = await new HttpClient(app.url).post('/auth/register', { body });
    expect(response.status).toBe(201);
    // Generation 0 rotates at once; from here on the leeway counts.
    return rotated(app, cookieSetBy(response, COOKIE)!, 0);
  }

  async function rotated(app: AppProcess, token: string, waitMs = MINUTE): Promise<string> {
    for (const each of instances.running()) await each.advance(waitMs);
    const response = await refresh(app, token);
    expect(response.status).toBe(200);
    return cookieSetBy(response, COOKIE)!;
  }
});

function refresh(app: AppProcess, token: string) {
  return new HttpClient(app.url).post('/auth/refresh', { cookie: `${COOKIE}=${token}` });
}
