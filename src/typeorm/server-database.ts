import type { DataSource, QueryRunner } from 'typeorm';
import { errorCode } from './database-errors.js';
import { OpenTransactionError, retryingConflicts } from './retrying-conflicts.js';
import type { Outcome, SessionDatabase } from './session-database.js';

/** MySQL's protocol: the connection has a transaction open. */
const SERVER_STATUS_IN_TRANS = 1;

const IS_INSIDE = 'SELECT CASE WHEN now() = statement_timestamp() THEN 0 ELSE 1 END AS inside';
const IN_FAILED_TRANSACTION = '25P02';

/** PostgreSQL, MySQL and MariaDB: each statement uses a connection from the primary's pool. */
export class ServerDatabase implements SessionDatabase {
  constructor(private readonly dataSource: DataSource) {}

  async run(sql: string, parameters: readonly unknown[]): Promise<Outcome> {
    return retryingConflicts(async () => {
      // 'master' explicitly: otherwise `replication.defaultMode` decides where TypeORM sends reads.
      const runner = this.dataSource.createQueryRunner('master');
      try {
        if (await this.#isInsideTransaction(runner)) throw await withoutConnection(runner);
        const { records, affected, raw } = await runner.query(sql, [...parameters], true);
        if (leftOpen(raw)) throw await withoutConnection(runner);
        return { records: records as Outcome['records'], affected: affected ?? 0 };
      } finally {
        await runner.release();
      }
    });
  }

  async close(): Promise<void> {}

  /** PostgreSQL: whether this connection came from the pool with a transaction still open, or failed. */
  async #isInsideTransaction(runner: QueryRunner): Promise<boolean> {
    if (this.dataSource.options.type !== 'postgres') return false;
    const connection = (await runner.connect()) as { getTransactionStatus?: () => string | null };
    if (connection.getTransactionStatus === undefined) return isInTransaction(runner);
    return (connection.getTransactionStatus() ?? 'I') !== 'I';
  }
}

/**
 * With `pg` before 8.21 the server must be queried with every statement. A query without parameters is one message,
 * which begins its own transaction unless there is one.
 */
async function isInTransaction(runner: QueryRunner): Promise<boolean> {
  try {
    const { records } = await runner.query(IS_INSIDE, [], true);
    return Number(records[0].inside) === 1;
  } catch (error) {
    if (errorCode(error) === IN_FAILED_TRANSACTION) return true;
    throw error;
  }
}

/** MySQL: whether the write is part of an open transaction that still needs a COMMIT. */
function leftOpen(raw: { serverStatus?: number } | undefined): boolean {
  return ((raw?.serverStatus ?? 0) & SERVER_STATUS_IN_TRANS) !== 0;
}

/** Closes the connection, which rolls back what was left open on it; the next try gets another connection. */
async function withoutConnection(runner: QueryRunner): Promise<OpenTransactionError> {
  const error = new OpenTransactionError(
    'A pooled connection had a transaction open, so that nothing written on it would last.',
  );
  const { releasePostgresConnection } = runner as ClosableRunner;
  if (releasePostgresConnection === undefined) {
    ((await runner.connect()) as { destroy(): void }).destroy();
  } else {
    await releasePostgresConnection.call(runner, error);
  }
  return error;
}

interface ClosableRunner extends QueryRunner {
  releasePostgresConnection?(error: Error): Promise<void>;
}
