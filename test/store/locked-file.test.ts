import { afterEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { sqliteKind } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';
import { watchSettled } from '../harness/watch-settled.js';

/** How another process may lock a SQLite file, and whether others can then still read. */
const locks = [
  { journal: 'in WAL mode', enableWAL: true, begin: 'BEGIN IMMEDIATE' },
  { journal: 'in WAL mode', enableWAL: true, begin: 'BEGIN EXCLUSIVE' },
  { journal: 'with a rollback journal', enableWAL: false, begin: 'BEGIN IMMEDIATE' },
  { journal: 'with a rollback journal', enableWAL: false, begin: 'BEGIN EXCLUSIVE' },
];
const locksReaders = ({ enableWAL, begin }: (typeof locks)[number]) =>
  !enableWAL && begin === 'BEGIN EXCLUSIVE';

/** How many guarded requests got a response before the other request did. */
async function respondedMeanwhile(test: TestApp, bearer: string, request: Promise<unknown>) {
  const { isSettled } = watchSettled(request);
  let responseOf = 0;
  while (!isSettled() && responseOf < 20) {
    const { status } = await test.client().get('/guarded', { bearer });
    if (!isSettled() && status === 200) responseOf += 1;
  }
  return responseOf;
}

const cleanUps: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

describe.each(locks)('while another connection locks a SQLite file $journal by $begin,', (lock) => {
  async function lockable(): Promise<{ test: TestApp; begin: () => void; free: () => void }> {
    const { enableWAL } = lock;
    const test = await startTestApp({ database: sqliteKind, dataSource: { enableWAL } });
    cleanUps.push(() => test.close());
    const other = new Database(test.databaseUrl.replace('sqlite:', ''));
    cleanUps.push(() => void other.close());
    return {
      test,
      begin: () => void other.exec(lock.begin),
      free: () => void other.exec('ROLLBACK'),
    };
  }

  it('revocations wait without blocking others, and succeed', async () => {
    const { test, begin, free } = await lockable();
    const { client, accessToken: bearer } = await test.loggedIn();
    begin();
    const logout = client.post('/auth/logout');
    expect(await respondedMeanwhile(test, bearer, logout)).toBe(20);
    free();
    expect((await logout).status).toBe(204);
    expect((await client.get('/guarded', { bearer })).body.code).toBe('session_revoked');
  });

  it('a refresh waits without blocking others, and returns 503 if the lock lasts too long', async () => {
    const { test, begin, free } = await lockable();
    const { client, accessToken: bearer } = await test.loggedIn();
    begin();
    const refresh = client.post('/auth/refresh');
    const responseOf = await respondedMeanwhile(test, bearer, refresh);
    // If not even the user can be read, there is nothing to wait for.
    expect(responseOf).toBeGreaterThanOrEqual(locksReaders(lock) ? 0 : 20);
    expect((await refresh).body.code).toBe('store_unavailable');
    free();
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('a registration returns 503, and succeeds later', async () => {
    const { test, begin, free } = await lockable();
    begin();
    const body = { username: 'grace', password: PASSWORD };
    expect((await test.client().post('/auth/register', { body })).body.code).toBe(
      'store_unavailable',
    );
    free();
    expect((await test.client().post('/auth/register', { body })).status).toBe(201);
  });
});

describe('the reference app’s own connection to a SQLite file', () => {
  it('waits for a lock so briefly that nobody notices', async () => {
    const test = await startTestApp({ database: sqliteKind });
    cleanUps.push(() => test.close());
    const [{ timeout }] = await test.dataSource.query('PRAGMA busy_timeout');
    expect(timeout).toBeLessThanOrEqual(20);
  });
});
