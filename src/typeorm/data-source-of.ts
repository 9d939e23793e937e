import type { DataSource, QueryRunner } from 'typeorm';

/** The DataSource of a query runner, which TypeORM 0.3 calls its connection. */
export function dataSourceOf(runner: QueryRunner): DataSource {
  return runner.dataSource ?? (runner as { connection?: DataSource }).connection;
}
