import { setTimeout as pause } from 'node:timers/promises';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** Any number, as long as every instance uses the same. */
const LOCK = 1763800000;
/** Longest wait for another instance that migrates, in milliseconds. */
const LONGEST_WAIT_MS = 60_000;
const POLL_EVERY_MS = 200;

/** Brings the schema up to date; of several instances that start at once, one does it and the others wait. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const { type } = dataSource.options;
  if (type === 'postgres') await whenAlone(dataSource, inOneTransaction);
  else if (type === 'mysql' || type === 'mariadb') await whenAlone(dataSource, underNamedLock);
  else await inFile(dataSource);
}

/** Migrates if no other instance is doing so now, and returns whether it did. */
type Attempt = (dataSource: DataSource, runner: QueryRunner) => Promise<boolean>;

/**
 * Polls instead of waiting inside the database: a connection without traffic is closed. Lock and migrations use one
 * connection, so that losing it loses both.
 */
async function whenAlone(dataSource: DataSource, attempt: Attempt): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const runner = dataSource.createQueryRunner('master');
    try {
      if (await attempt(dataSource, runner)) return;
    } finally {
      await runner.release();
    }
    if (performance.now() > end) {
      throw new Error(
        `The database is still being migrated by another instance after ${LONGEST_WAIT_MS / 1000} seconds, or one that died holds its lock (${LOCK}): end that one's connection.`,
      );
    }
    await pause(POLL_EVERY_MS);
  }
}

/**
 * PostgreSQL: the lock belongs to the transaction and ends with it. A session lock would stay behind on the connection
 * in a PgBouncer, which gives each transaction another one.
 */
const inOneTransaction: Attempt = async (dataSource, runner) => {
  await runner.startTransaction();
  try {
    const [{ free }] = await runner.query(`SELECT pg_try_advisory_xact_lock(${LOCK}) AS free`);
    if (free === true) await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    await runner.commitTransaction();
    return free === true;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => {});
    throw error;
  }
};

/** MySQL and MariaDB commit with every change of a table: so a connection's named lock, with the database's name. */
const underNamedLock: Attempt = async (dataSource, runner) => {
  const name = `CONCAT('${LOCK} ', MD5(DATABASE()))`;
  const [{ free }] = await runner.query(`SELECT GET_LOCK(${name}, 0) AS free`);
  if (Number(free) !== 1) return false;
  try {
    await new MigrationExecutor(dataSource, runner).executePendingMigrations();
  } finally {
    await runner.query(`SELECT RELEASE_LOCK(${name})`);
  }
  return true;
};

/** SQLite: a blocking wait harms nobody while the instance is starting. */
async function inFile(dataSource: DataSource): Promise<void> {
  const [{ timeout }] = await dataSource.query('PRAGMA busy_timeout');
  await dataSource.query(`PRAGMA busy_timeout = ${LONGEST_WAIT_MS}`);
  try {
    // Another process may have created the tables between the check and the attempt; then nothing is left to do.
    await dataSource.runMigrations().catch(() => dataSource.runMigrations());
  } finally {
    await dataSource.query(`PRAGMA busy_timeout = ${timeout}`);
  }
}
