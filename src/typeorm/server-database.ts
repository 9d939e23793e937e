import type { DataSource, QueryRunner } from 'typeorm';
import { OpenTransactionError, retryingConflicts } from './retrying-conflicts.js';
import type { Outcome, SessionDatabase } from './session-database.js';

/** MySQL's protocol: the connection has a transaction open. */
const SERVER_STATUS_IN_TRANS = 1;

/** PostgreSQL, MySQL and MariaDB: each statement on a connection of the primary's pool. */
export class ServerDatabase implements SessionDatabase {
  constructor(private readonly dataSource: DataSource) {}

  async run(sql: string, parameters: readonly unknown[]): Promise<Outcome> {
    return retryingConflicts(async () => {
      // Said outright: without it TypeORM sends reads wherever `replication.defaultMode` says.
      const runner = this.dataSource.createQueryRunner('master');
      try {
        if (isInsideTransaction(await runner.connect())) throw await withoutConnection(runner);
        const { records, affected, raw } = await runner.query(sql, [...parameters], true);
        if (leftOpen(raw)) throw await withoutConnection(runner);
        return { records: records as Outcome['records'], affected: affected ?? 0 };
      } finally {
        await runner.release();
      }
    });
  }

  async close(): Promise<void> {}
}

/** PostgreSQL: whether somebody gave this connection back to the pool with a transaction open, or failed, in it. */
function isInsideTransaction(connection: { getTransactionStatus?: () => string | null }): boolean {
  const status = connection.getTransactionStatus?.() ?? 'I';
  return status !== 'I';
}

/** MySQL: whether what was just written waits for somebody's COMMIT. */
function leftOpen(raw: { serverStatus?: number } | undefined): boolean {
  return ((raw?.serverStatus ?? 0) & SERVER_STATUS_IN_TRANS) !== 0;
}

/** Closes the connection, which undoes what was left open on it; the next try gets another one. */
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
