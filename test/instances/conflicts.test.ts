import { afterEach, describe, expect, it } from '@jest/globals';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { mariadbPrograms, startPrivateMariadb } from '../harness/private-mariadb.js';
import type { HttpResponse } from '../harness/http-client.js';
import { openSecondConnection } from '../harness/second-connection.js';
import { startTestApp, type TestApp, type TestAppOptions } from '../harness/test-app.js';
import { waitUntil } from '../harness/wait-until.js';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const servers = databaseKinds.filter(({ name }) => name !== 'SQLite');
const mariadb = mariadbPrograms();

describeOnEach(servers)(
  'when $name rolls a rotation back in favour of another statement',
  (kind) => {
    const isPostgres = kind.name === 'PostgreSQL';

    it(`it is retried: ${isPostgres ? 'a serialization failure' : 'a deadlock'}`, async () => {
      const database = await kind.create();
      cleanUps.push(() => database.drop());
      const other = await openSecondConnection(database.url);
      cleanUps.push(() => other.close());
      if (isPostgres) {
        const name = new URL(database.url).pathname.slice(1);
        await other.query(
          `ALTER DATABASE ${name} SET default_transaction_isolation TO 'serializable'`,
        );
      }
      const app = await inProcess({ database: kind, databaseUrl: database.url });
      const { client } = await app.loggedIn();

      await other.query('BEGIN');
      await other.query(
        isPostgres
          ? `UPDATE refresh_tokens SET user_agent = 'other'`
          : `SELECT * FROM refresh_tokens LOCK IN SHARE MODE`,
      );
      const refreshed = client.post('/auth/refresh');
      await other.whenAnotherWaits();
      // MariaDB ends this deadlock by rolling back the transaction that changed less: the rotation.
      if (!isPostgres) {
        await other.query(`INSERT INTO auth_rate_limits VALUES ('a', 1, 1), ('b', 1, 1)`);
        await other.query(`UPDATE refresh_tokens SET user_agent = 'other'`);
      }
      await other.query('COMMIT');

      expect(await outcomeOf(app, refreshed)).toEqual(SECOND_TRY_WON);
    });
  },
);

describeOnEach(servers.filter(({ name }) => name === 'PostgreSQL'))(
  'when $name ends a deadlock by rolling a rotation back',
  (kind) => {
    it('the rotation is retried', async () => {
      const database = await kind.create();
      cleanUps.push(() => database.drop());
      const other = await openSecondConnection(database.url);
      cleanUps.push(() => other.close());
      const app = await inProcess({ database: kind, databaseUrl: database.url });
      const { client } = await app.loggedIn();
      // A trigger of the app gives the rotation a second lock to wait for.
      await other.query(`CREATE FUNCTION take_turns() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END'`);
      await other.query(`CREATE TRIGGER take_turns BEFORE UPDATE ON refresh_tokens
        FOR EACH ROW EXECUTE FUNCTION take_turns()`);

      // The one that checks for the deadlock first is rolled back: not this one.
      await other.query(`SET deadlock_timeout TO '1h'`);
      await other.query('BEGIN');
      await other.query('SELECT pg_advisory_xact_lock(1)');
      const refreshed = client.post('/auth/refresh');
      await other.whenAnotherWaits();
      await other.query(`UPDATE refresh_tokens SET user_agent = 'other'`);
      await other.query('COMMIT');

      // If the next try locks the row before the other one is awake, it is rolled back too.
      const { rotationsSent: tries, ...outcome } = await outcomeOf(app, refreshed);
      expect(outcome).toEqual({ status: 200, generations: [1] });
      expect(tries).toBeGreaterThanOrEqual(2);
    });
  },
);

(mariadb ? describe : describe.skip)(
  'when MariaDB gives up a rotation that waits for a lock',
  () => {
    it('a conflict is retried', async () => {
      const server = await startPrivateMariadb(mariadb!);
      cleanUps.push(() => server.dispose());
      const other = await openSecondConnection(server.url);
      cleanUps.push(() => other.close());
      await other.query('SET GLOBAL innodb_lock_wait_timeout = 1');
      const app = await inProcess({ database: sqliteKind, databaseUrl: server.url });
      const { client } = await app.loggedIn();

      await other.query('BEGIN');
      await other.query('SELECT * FROM refresh_tokens FOR UPDATE');
      const refreshed = client.post('/auth/refresh');
      await waitUntil(() => rotationsSent(app) === 2);
      await other.query('COMMIT');

      expect((await refreshed).status).toBe(200);
      expect((await app.sessions.find()).map(({ generation }) => generation)).toEqual([1]);
    });
  },
);

async function inProcess(options: TestAppOptions): Promise<TestApp> {
  const app = await startTestApp(options);
  cleanUps.push(() => app.close());
  // The boot tried one session.
  app.statements.length = 0;
  return app;
}

const SECOND_TRY_WON = { status: 200, rotationsSent: 2, generations: [1] };

async function outcomeOf(app: TestApp, refreshed: Promise<HttpResponse>) {
  const { status } = await refreshed;
  const sessions = await app.sessions.find();
  return {
    status,
    rotationsSent: rotationsSent(app),
    generations: sessions.map(({ generation }) => generation),
  };
}

function rotationsSent({ statements }: TestApp): number {
  return statements.filter((statement) => /^UPDATE .refresh_tokens./.test(statement)).length;
}
