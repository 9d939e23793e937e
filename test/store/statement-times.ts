import type { DataSource, QueryRunner } from 'typeorm';

export interface TimedStatement {
  statement: string;
  milliseconds: number;
}

/** Every statement from now on with the time until its response, as the app sees it. */
export function timeStatements(dataSource: DataSource): TimedStatement[] {
  const times: TimedStatement[] = [];
  // On a SQLite file, session statements don't use TypeORM's runners, and report their own times.
  dataSource.setOptions({ maxQueryExecutionTime: Number.MIN_VALUE });
  dataSource.logger.logQuerySlow = (milliseconds, statement) => {
    if (dataSource.options.type === 'better-sqlite3') times.push({ statement, milliseconds });
  };
  // On SQLite all statements share one runner.
  const watched = new WeakSet<QueryRunner>();
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode) => {
    const runner = create(mode);
    if (watched.has(runner)) return runner;
    watched.add(runner);
    const query = runner.query.bind(runner) as QueryRunner['query'];
    runner.query = async (statement: string, ...rest: unknown[]) => {
      const start = performance.now();
      try {
        return await (query as (...args: unknown[]) => Promise<never>)(statement, ...rest);
      } finally {
        times.push({ statement, milliseconds: performance.now() - start });
      }
    };
    return runner;
  };
  return times;
}

export function longest(times: TimedStatement[], matching: RegExp): number {
  const matches = times.filter(({ statement }) => matching.test(statement));
  return Math.max(0, ...matches.map(({ milliseconds }) => milliseconds));
}
