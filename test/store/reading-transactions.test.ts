import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { beginTransaction, sqliteWays, type Ending } from '../harness/app-transaction.js';
import { sqliteKind } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';
import { openTransactions } from '../../src/typeorm/open-transactions.js';

const READS = 'SELECT count(*) FROM users';

// With a rollback journal a reader delays every commit, and in memory there is no second connection for writes.
describe.each(sqliteWays.filter(({ way }) => /WAL/.test(way)))(
  'on SQLite ($way), while an app transaction has only read',
  ({ dataSource }) => {
    let test: TestApp;
    let username: string;
    let end: (how: Ending) => Promise<void>;

    beforeEach(async () => {
      end = async () => {};
      test = await startTestApp({ database: sqliteKind, dataSource });
      ({ username } = await test.loggedIn());
    });
    afterEach(async () => {
      await end('commit');
      await test.close();
    });

    const login = () =>
      test.client().post('/auth/login', { body: { username, password: PASSWORD } });

    describe.each([
      ['in a transaction that doesn’t end', () => beginTransaction(test.dataSource, READS)],
      ['in one that it began by hand', () => begunByHand()],
      ['in transactions that follow each other without a gap', () => oneAfterAnother()],
    ])('%s,', (_how, begin) => {
      beforeEach(async () => {
        end = await begin();
      });

      it('a user logs in', async () => {
        const client = test.client();
        const body = { username, password: PASSWORD };
        expect((await client.post('/auth/login', { body })).status).toBe(200);
        expect((await client.post('/auth/refresh')).status).toBe(200);
      });
    });

    it('and then writes, a login waits for its end', async () => {
      end = await beginTransaction(test.dataSource);
      expect((await login()).body.code).toBe('store_unavailable');
      await end('rollback');
      expect((await login()).status).toBe(200);
    });

    async function begunByHand() {
      await test.dataSource.query('BEGIN');
      await test.dataSource.query(READS);
      return async () => void (await test.dataSource.query('COMMIT'));
    }

    async function oneAfterAnother() {
      const stop = new AbortController();
      const chain = (async () => {
        while (!stop.signal.aborted) {
          await test.dataSource.transaction(async (manager) => {
            await manager.query(READS);
            await pause(5);
          });
        }
      })();
      return () => {
        stop.abort();
        return chain;
      };
    }
  },
);

describe.each(sqliteWays)('a transaction on SQLite ($way)', ({ dataSource }) => {
  let test: TestApp;

  beforeEach(async () => {
    test = await startTestApp({ database: sqliteKind, dataSource });
    await test.loggedIn();
  });
  afterEach(() => test.close());

  it('may roll back what it wrote, and nothing else', async () => {
    const transactions = openTransactions(test.dataSource)!;
    const { dataSource: app } = test;
    const write = `UPDATE users SET email = 'changed@example.com'`;
    expect(transactions.mayUndo()).toBe(false);
    for (const how of ['rollback', 'commit'] as const) {
      await app.query(write);
      const end = await beginTransaction(app, READS);
      expect(transactions.mayUndo()).toBe(false);
      await app.query(write);
      expect(transactions.mayUndo()).toBe(true);
      await end(how);
      expect(transactions.mayUndo()).toBe(false);
    }
  });

  it('may roll back what a nested one wrote', async () => {
    const transactions = openTransactions(test.dataSource)!;
    expect(transactions.mayUndo()).toBe(false);
    const end = await beginTransaction(test.dataSource, READS);
    await (
      await beginTransaction(test.dataSource)
    )('commit');
    expect(transactions.mayUndo()).toBe(true);
    await end('rollback');
    expect(transactions.mayUndo()).toBe(false);
  });

  it('is counted when it is rolled back, also inside another one', async () => {
    const transactions = openTransactions(test.dataSource)!;
    expect(transactions.mayUndo()).toBe(false);
    const begin = () => beginTransaction(test.dataSource);
    const before = transactions.undone();
    await (
      await begin()
    )('commit');
    expect(transactions.undone()).toBe(before);

    await (
      await begin()
    )('rollback');
    const then = transactions.undone();
    expect(then).toBeGreaterThan(before);

    const end = await beginTransaction(test.dataSource, READS);
    await (
      await begin()
    )('rollback');
    expect(transactions.undone()).toBeGreaterThan(then);
    await end('commit');
  });
});
