import { afterEach, describe, expect, it } from '@jest/globals';
import { IsNull } from 'typeorm';
import { databaseKinds, sqliteKind, type DatabaseKind } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { FakeClock } from '../harness/fake-clock.js';
import { openSecondConnection } from '../harness/second-connection.js';
import { startTestApp, type TestApp } from '../harness/test-app.js';
import { waitUntil } from '../harness/wait-until.js';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Two instances on one database, each with its own clock. */
async function twoInstances(database: DatabaseKind): Promise<[TestApp, TestApp]> {
  const one = await startTestApp({ database, clock: new FakeClock() });
  cleanUps.push(() => one.close());
  const { databaseUrl } = one;
  const two = await startTestApp({ database, databaseUrl, clock: new FakeClock() });
  cleanUps.push(() => two.close());
  return [one, two];
}

const codeOf = async (app: TestApp, bearer: string) =>
  (await app.client().get('/guarded', { bearer })).body.code;

/** Waits until each has finished another poll. */
async function polled(...apps: TestApp[]): Promise<void> {
  const before = apps.map(polls);
  await waitUntil(async () => apps.every((app, i) => polls(app) >= before[i]! + 2));
}

function polls({ statements }: TestApp): number {
  return statements.filter((statement) => /revoked_at\W+>=/.test(statement)).length;
}

describeOnEach(databaseKinds.filter(({ name }) => name !== 'SQLite'))(
  'sessions whose revocation a lock delayed on $name',
  (kind) => {
    it.each([
      ['by 70 seconds', 70, (app: TestApp) => app.auth.revokeEverything()],
      ['by ten minutes', 600, (app: TestApp) => app.auth.revokeEverything()],
      ['and all of one user’s, by 70 seconds', 70, (app: TestApp) => app.auth.logoutAll('1')],
    ])(
      '%s, are refused everywhere although nobody waited for it any more',
      async (_how, seconds, end) => {
        const [one, two] = await twoInstances(kind);
        const { accessToken } = await one.loggedIn();
        const other = await openSecondConnection(one.databaseUrl);
        cleanUps.push(() => other.close());
        await other.query('BEGIN');
        await other.query('SELECT * FROM refresh_tokens FOR UPDATE');
        await expect(end(one)).rejects.toMatchObject({ code: 'store_unavailable' });

        for (const { clock } of [one, two]) clock.advance({ seconds });
        await polled(one, two);
        expect(await codeOf(two, accessToken)).toBeUndefined();
        await other.query('COMMIT');

        await waitUntil(async () => (await one.sessions.countBy({ revokedAt: IsNull() })) === 0);
        for (const { clock } of [one, two]) clock.advance({ seconds: 31 });
        await waitUntil(async () => (await codeOf(one, accessToken)) === 'session_revoked');
        await waitUntil(async () => (await codeOf(two, accessToken)) === 'session_revoked');
      },
    );
  },
);

describe('a session that another instance ends', () => {
  it.each([
    ['ahead', 5],
    ['behind', -5],
    ['a day ahead', 24 * 60],
  ])(
    'while an instance’s clock is set %s for two minutes is refused there, then and afterwards',
    async (_how, minutes) => {
      const [one, two] = await twoInstances(sqliteKind);
      const { client, accessToken } = await one.loggedIn();
      const lasting = await two.loggedIn();

      two.clock.jump({ minutes });
      await polled(two);
      await client.post('/auth/logout');
      for (const { clock } of [one, two]) clock.advance({ minutes: 2 });
      await polled(two);
      two.clock.jump({ minutes: -minutes });

      await waitUntil(async () => (await codeOf(two, accessToken)) === 'session_revoked');
      expect(await codeOf(two, lasting.accessToken)).toBeUndefined();
    },
  );

  it('whose own clock is an hour behind for a moment is refused by the others', async () => {
    const [one, two] = await twoInstances(sqliteKind);
    const { client, accessToken } = await one.loggedIn();
    one.clock.jump({ hours: -1 });
    expect((await client.post('/auth/logout')).status).toBe(204);
    two.clock.advance({ seconds: 31 });
    await waitUntil(async () => (await codeOf(two, accessToken)) === 'session_revoked');
  });
});
