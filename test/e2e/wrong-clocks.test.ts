import { afterEach, describe, expect, it } from '@jest/globals';
import { AuthRateLimit } from '../../src/typeorm/auth-rate-limit.entity.js';
import { databaseKinds, type DatabaseKind } from '../harness/databases.js';
import { FakeClock, type TimeSpan } from '../../src/testing/fake-clock.js';
import { cookieSetBy } from '../harness/http-client.js';
import { COOKIE, startTestApp, type TestApp } from '../harness/test-app.js';

const HOUR = 60 * 60_000;

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function instance(
  database: DatabaseKind,
  databaseUrl?: string,
  clock = new FakeClock(),
): Promise<TestApp> {
  const shared = databaseUrl === undefined ? {} : { databaseUrl };
  const app = await startTestApp({ database, clock, ...shared });
  cleanUps.push(() => app.close());
  return app;
}

const refreshAt = (app: TestApp, token: string) =>
  app.client().post('/auth/refresh', { cookie: `${COOKIE}=${token}` });
const logoutAt = (app: TestApp, token: string) =>
  app.client().post('/auth/logout', { cookie: `${COOKIE}=${token}` });

/** The results for a user who just logged in at one instance and continues at another, or later at the same one. */
async function visit(first: TestApp, then: TestApp): Promise<unknown[]> {
  const { client, accessToken: bearer } = await first.loggedIn();
  const token = (await client.cookie(COOKIE))!;
  const list = await then.client().get('/auth/sessions', { bearer });
  const refreshed = await refreshAt(then, token);
  const successor = cookieSetBy(refreshed, COOKIE)!;
  const renewals = [await refreshAt(first, successor), await refreshAt(then, successor)];
  const logout = await logoutAt(then, successor);
  const after = [await refreshAt(first, successor), await refreshAt(then, successor)];
  return [
    ...[list, refreshed, ...renewals, logout].map(({ status }) => status),
    ...after.map(({ body }) => body.code),
  ];
}

const ALL_WORKS = [200, 200, 200, 200, 204, 'session_revoked', 'session_revoked'];

/** A time with fractions, like `performance.timeOrigin + performance.now()`. */
class FineClock extends FakeClock {
  override now(): number {
    return super.now() + 0.375;
  }

  override elapsed(): number {
    return super.elapsed() + 0.625;
  }
}

describe.each(databaseKinds)('on $name', (kind) => {
  it('an app clock with fractions of milliseconds works like any other', async () => {
    const app = await instance(kind, undefined, new FineClock());
    expect(await visit(app, app)).toEqual(ALL_WORKS);
    await app.auth.revokeEverything();
    expect(await visit(app, app)).toEqual(ALL_WORKS);
    expect(await app.auth.purgeExpired()).toBe(0);
  });

  it.each([20, -20, 58, -58])(
    'instances %d seconds apart accept each other’s sessions, and end them',
    async (seconds) => {
      const one = await instance(kind);
      const two = await instance(kind, one.databaseUrl);
      two.clock.jump({ seconds });
      expect(await visit(one, two)).toEqual(ALL_WORKS);
      expect(await visit(two, one)).toEqual(ALL_WORKS);
    },
  );

  it('instances 20 seconds apart both detect a theft', async () => {
    const one = await instance(kind);
    const two = await instance(kind, one.databaseUrl);
    two.clock.jump({ seconds: 20 });
    for (const [first, then] of [
      [one, two],
      [two, one],
    ] as const) {
      const { client } = await first.loggedIn();
      const stolen = (await client.cookie(COOKIE))!;
      expect((await refreshAt(first, stolen)).status).toBe(200);
      for (const { clock } of [one, two]) clock.advance({ seconds: 50 });
      expect((await refreshAt(then, stolen)).body.code).toBe('refresh_reused');
    }
  });

  it.each<[string, TimeSpan]>([
    ['12 seconds', { seconds: -12 }],
    ['a minute', { minutes: -1 }],
    ['a day', { days: -1 }],
  ])('a clock that goes back by %s refuses no refresh and undoes no logout', async (_by, span) => {
    const app = await instance(kind);
    const { client, accessToken: bearer } = await app.loggedIn();
    const token = (await client.cookie(COOKIE))!;
    app.clock.jump(span);
    const refreshed = await refreshAt(app, token);
    expect(refreshed.status).toBe(200);
    const successor = cookieSetBy(refreshed, COOKIE)!;
    expect((await refreshAt(app, successor)).status).toBe(200);
    expect((await logoutAt(app, successor)).status).toBe(204);
    expect((await refreshAt(app, successor)).body.code).toBe('session_revoked');
    expect((await client.get('/guarded', { bearer })).status).toBe(401);
  });

  it.each([8, 31, 3650])(
    'a logout while the clock is %d days ahead ends the session for good',
    async (days) => {
      const app = await instance(kind);
      const { client } = await app.loggedIn();
      const token = (await client.cookie(COOKIE))!;
      app.clock.jump({ days });
      expect((await logoutAt(app, token)).status).toBe(204);
      app.clock.jump({ days: -days });
      expect((await refreshAt(app, token)).body.code).toBe('session_revoked');
    },
  );

  it('a clock that is ten years ahead for an hour purges nothing', async () => {
    const app = await instance(kind);
    const { client } = await app.loggedIn();
    app.clock.jump({ days: 3650 });
    app.clock.advance({ hours: 1 });
    expect(await app.auth.purgeExpired()).toBe(0);
    app.clock.jump({ days: -3650 });
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('an instance that starts ten years ahead purges nothing, however often, until that time has lasted a day', async () => {
    const app = await instance(kind);
    const { client } = await app.loggedIn();
    for (let restart = 0; restart < 3; restart += 1) {
      const wrong = await instance(kind, app.databaseUrl, yearsAhead(10));
      expect(await wrong.auth.purgeExpired()).toBe(0);
      // Its own writes prove nothing about the time.
      await wrong.loggedIn();
      wrong.clock.advance({ hours: 23 });
      expect(await wrong.auth.purgeExpired()).toBe(0);
      await wrong.close();
    }
    expect((await client.post('/auth/refresh')).status).toBe(200);

    const right = await instance(kind, app.databaseUrl, yearsAhead(10));
    right.clock.advance({ days: 1 });
    expect(await right.auth.purgeExpired()).toBe(1);
  });

  it('an instance that starts after a month without any instance purges a day later', async () => {
    const app = await instance(kind);
    await app.loggedIn();
    const clock = new FakeClock();
    clock.advance({ days: 60 });
    const later = await instance(kind, app.databaseUrl, clock);
    expect(await later.auth.purgeExpired()).toBe(0);
    clock.advance({ days: 1 });
    expect(await later.auth.purgeExpired()).toBe(1);
  });

  it('an instance that starts ten years ahead of all sessions purges none if no time was stored', async () => {
    const app = await instance(kind);
    const { client } = await app.loggedIn();
    await app.dataSource.getRepository(AuthRateLimit).clear();
    const wrong = await instance(kind, app.databaseUrl, yearsAhead(10));
    expect(await wrong.auth.purgeExpired()).toBe(0);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('an instance that starts a night later trusts its clock at once', async () => {
    const app = await instance(kind);
    await app.loggedIn();
    await app.sessions.updateAll({ absoluteExpiresAt: app.clock.now() - 12 * HOUR - 1 });
    const clock = new FakeClock();
    clock.advance({ hours: 12 });
    const next = await instance(kind, app.databaseUrl, clock);
    expect(await next.auth.purgeExpired()).toBe(1);
  });
});

function yearsAhead(years: number): FakeClock {
  const clock = new FakeClock();
  clock.jump({ days: 365 * years });
  return clock;
}
