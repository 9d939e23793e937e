import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TypeOrmRefreshTokenStore } from 'nestjs-refresh-auth';
import { DataSource, type Logger } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { databaseKinds, type TestDatabase } from '../harness/databases.js';
import { insertSessions, type RawSession } from './many-sessions.js';

const ROWS = 200_000;
const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;
const DAY = 24 * HOUR;
const NOW = Date.parse('2030-01-01T00:00:00Z');

interface RequestedPlan {
  statement: string;
  parameters: unknown[];
}

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  Plans?: Plan[];
}

const postgres = databaseKinds.filter(({ name }) => name === 'PostgreSQL');

// An empty list of kinds would be an error.
(postgres.length > 0 ? describe : describe.skip)(`among ${ROWS} rows PostgreSQL reads`, () => {
  const requested: RequestedPlan[] = [];
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: TypeOrmRefreshTokenStore;
  let indexes: { name: string; definition: string }[];

  /** TypeORM names an index after a hash of its table and column. */
  const indexOn = (column: string) =>
    indexes.find(({ definition }) => definition.includes(`(${column}`))!.name;

  beforeAll(async () => {
    database = await postgres[0]!.create();
    dataSource = await new DataSource({
      ...dataSourceOptions(database.url),
      logging: ['query'],
      logger: logInto(requested),
    }).initialize();
    await dataSource.runMigrations();
    await insertSessions(dataSource, manySessions());
    await dataSource.query('ANALYZE refresh_tokens');
    indexes = await dataSource.query(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'refresh_tokens'`,
    );
    requested.length = 0;
    store = new TypeOrmRefreshTokenStore(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** The scans that PostgreSQL plans for the store's queries: the name of the index, or the kind of scan without one. */
  async function scansOf(call: () => Promise<unknown>): Promise<string[][]> {
    requested.length = 0;
    await call();
    const statements = [...requested];
    return Promise.all(
      statements.map(async ({ statement, parameters }) => {
        const [found] = await dataSource.query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
          `EXPLAIN (FORMAT JSON) ${statement}`,
          parameters,
        );
        return scansIn(found!['QUERY PLAN'][0].Plan);
      }),
    );
  }

  it('PostgreSQL uses the index on revoked_at for what ended since the last poll', async () => {
    const scans = await scansOf(() => store.revokedSince(NOW - 11 * SECOND));
    expect(scans).toEqual([[indexOn('revoked_at')]]);
  });

  it('PostgreSQL uses the index on revoked_at for what ended within an access token’s life, at boot', async () => {
    const scans = await scansOf(() => store.revokedSince(NOW - HOUR / 4));
    expect(scans).toEqual([[indexOn('revoked_at')]]);
  });

  it('PostgreSQL uses one index for each slice of a purge, and deletes by id', async () => {
    const scans = await scansOf(() => store.deleteEnded(NOW - DAY, 500));
    expect(scans).toEqual([
      [indexOn('absolute_expires_at')],
      [expect.stringMatching(/^PK_/)],
      [indexOn('revoked_at')],
      [expect.stringMatching(/^PK_/)],
    ]);
  });

  it('PostgreSQL uses the index on user_id for the sessions of a user', async () => {
    const scans = await scansOf(() => store.listActive('user-1', NOW, 100));
    expect(scans).toEqual([[indexOn('user_id')]]);
  });
});

/** As in an app that has run for months: few rows to purge, a tenth logged out in the last day. */
function manySessions(): RawSession[] {
  return Array.from({ length: ROWS }, (_, i) => {
    const share = i / ROWS;
    const session = { id: `session-${i}`, userId: `user-${i % 5000}` };
    if (i % 500 === 0) return { ...session, absoluteExpiresAt: NOW - DAY - (i % 977) * SECOND };
    const absoluteExpiresAt = NOW + 30 * DAY * share;
    if (i % 100 === 1) return { ...session, absoluteExpiresAt, revokedAt: NOW - DAY - i };
    if (i % 10 === 2) return { ...session, absoluteExpiresAt, revokedAt: NOW - DAY * share };
    return { ...session, absoluteExpiresAt };
  });
}

function scansIn(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(scansIn);
  if (plan['Index Name'] !== undefined) return [plan['Index Name'], ...below];
  return plan['Node Type'].endsWith('Scan') && below.length === 0 ? [plan['Node Type']] : below;
}

const ignore = () => {};

function logInto(requested: RequestedPlan[]): Logger {
  return {
    logQuery: (statement, parameters = []) =>
      requested.push({ statement, parameters: parameters as unknown[] }),
    logQueryError: ignore,
    logQuerySlow: ignore,
    logSchemaBuild: ignore,
    logMigration: ignore,
    log: ignore,
  };
}
