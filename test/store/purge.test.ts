import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { databaseKinds } from '../harness/databases.js';
import { cookieSetBy, type HttpResponse } from '../harness/http-client.js';
import { COOKIE, REFRESH_SECRET, startTestApp, type TestApp } from '../harness/test-app.js';
import { insertSessions, type RawSession } from './many-sessions.js';
import { longest, timeStatements } from './statement-times.js';

/** This many ended sessions, among as many live ones. */
const ROWS = Number(process.env.PURGE_ROWS ?? 20_000);
const REFRESHING = 4;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

describe.each(databaseKinds)('the purge on $name', (database) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({
      database,
      // Strict, so that every refresh writes.
      options: { refreshToken: { secret: REFRESH_SECRET, leeway: 0 }, purge: { interval: false } },
    });
    await insertSessions(test.dataSource, manySessions(test.clock.now()));
    test.statements.length = 0;
  });
  afterAll(() => test.close());

  it(`deletes ${ROWS} ended sessions among as many others while refreshes continue, and none fails`, async () => {
    const sessions = await Promise.all(
      Array.from({ length: REFRESHING }, async () => {
        const { client } = await test.loggedIn();
        return { token: (await client.cookie(COOKIE))! };
      }),
    );
    const othersBefore = await fingerprint(test.dataSource, 'kept-%');
    expect(othersBefore.rows).toBe(ROWS);

    let refreshesBefore = 0;
    const before = await refreshWhile(test, sessions, () => (refreshesBefore += 1) <= 200);

    const times = timeStatements(test.dataSource);
    const start = performance.now();
    let isPurging = true;
    const purged = test.auth.purgeExpired().finally(() => (isPurging = false));
    const during = await refreshWhile(test, sessions, () => isPurging);
    const took = performance.now() - start;

    expect(await purged).toBe(ROWS);
    expect(await fingerprint(test.dataSource, 'ended-%')).toMatchObject({ rows: 0 });
    expect(await fingerprint(test.dataSource, 'kept-%')).toEqual(othersBefore);
    expect(await test.sessions.count()).toBe(ROWS + REFRESHING);
    expect(during.length).toBeGreaterThan(REFRESHING);
    for (const { response } of [...before, ...during]) expect(response.status).toBe(200);

    const [medianBefore, medianDuring] = [median(before), median(during)];
    const figures = [
      `${ROWS} rows purged in ${took.toFixed()} ms`,
      `longest SELECT ${longest(times, /^SELECT.*(absolute_expires_at|revoked_at)\W+</).toFixed(1)} ms`,
      `longest DELETE ${longest(times, /^DELETE/).toFixed(1)} ms`,
      `${during.length} refreshes meanwhile`,
      `their median ${medianDuring.toFixed(1)} ms, ${(medianDuring / medianBefore).toFixed(2)} times that before`,
    ];
    process.stdout.write(`The purge on ${database.name}: ${figures.join(', ')}\n`);
  });
});

interface TimedResult {
  response: HttpResponse;
  milliseconds: number;
}

/** Refreshes several sessions at the same time, each again and again. */
async function refreshWhile(
  test: TestApp,
  sessions: { token: string }[],
  continues: () => boolean,
): Promise<TimedResult[]> {
  const responses: TimedResult[] = [];
  await Promise.all(
    sessions.map(async (session) => {
      const client = test.client();
      while (continues()) {
        const start = performance.now();
        const response = await client.post('/auth/refresh', {
          cookie: `${COOKIE}=${session.token}`,
        });
        responses.push({ response, milliseconds: performance.now() - start });
        session.token = cookieSetBy(response, COOKIE) || session.token;
      }
    }),
  );
  return responses;
}

/** Ended and live ones in turn, so that both are on every page of the table. */
function manySessions(now: number): RawSession[] {
  const ends = [
    (i: number) => ({ absoluteExpiresAt: now - DAY - 1 - i }),
    (i: number) => ({ absoluteExpiresAt: now + 20 * DAY, revokedAt: now - DAY - 1 - i }),
  ];
  const others = [
    { absoluteExpiresAt: now + 20 * DAY },
    { absoluteExpiresAt: now + 20 * DAY },
    // They ended, but so recently that they are kept.
    { absoluteExpiresAt: now + 20 * DAY, revokedAt: now - HOUR },
    { absoluteExpiresAt: now - HOUR },
  ];
  return Array.from({ length: ROWS }, (_, i) => {
    const userId = `user-${i % 5000}`;
    return [
      { id: `ended-${i}`, userId, ...ends[i % ends.length]!(i) },
      { id: `kept-${i}`, userId, ...others[i % others.length]! },
    ];
  }).flat();
}

/** The number of rows, and sums that every change alters. */
async function fingerprint(dataSource: DataSource, ids: string) {
  const [found] = await dataSource.query<Record<string, string | number | null>[]>(
    'SELECT COUNT(*) AS total, SUM(generation) AS generations, SUM(rotated_at) AS rotated,' +
      ' SUM(absolute_expires_at) AS ends, COUNT(revoked_at) AS revoked' +
      ` FROM refresh_tokens WHERE id LIKE '${ids}'`,
  );
  return { ...found, rows: Number(found!.total) };
}

function median(responses: TimedResult[]): number {
  const sorted = responses.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
