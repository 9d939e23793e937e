import { Logger } from '@nestjs/common';
import { QueryFailedError, type DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { MOST_CLOCK_ERROR_MS } from '../options/time-bounds.js';
import { RefreshToken } from './refresh-token.entity.js';

/** How databases say that a table or a column isn't there. */
const SCHEMA_IS_BEHIND = new Set(['42P01', '42703', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR']);

const CLOCK_WARNING_MS = 5000;

/**
 * What can be wrong with a database at boot. A database that is down is no reason not to start.
 * @param now this instance's time in milliseconds, or null where the clock isn't a real one
 * @throws {AuthConfigurationError} for missing migrations, and for clocks so far apart that sessions would die early
 */
export async function checkDatabase(dataSource: DataSource, now: (() => number) | null) {
  const logger = new Logger('AuthModule');
  try {
    await dataSource.getRepository(RefreshToken).find({ take: 1 });
    if (now !== null) judgeClock(await clockAhead(dataSource, now), logger);
  } catch (error) {
    if (error instanceof AuthConfigurationError) throw error;
    if (isBehind(error)) {
      throw new AuthConfigurationError(
        'the table refresh_tokens is missing or out of date: add ...authMigrations to the migrations of the DataSource and run them.',
      );
    }
    logger.warn(`The database could not be checked at boot: ${String(error)}`);
  }
}

function judgeClock(aheadMs: number | null, logger: Logger): void {
  const apart = Math.abs(aheadMs ?? 0);
  const sentence = `the clocks of this instance and of its database are ${Math.round(apart / 1000)} seconds apart: synchronize them (NTP), or sessions end too early or too late.`;
  if (apart > MOST_CLOCK_ERROR_MS) throw new AuthConfigurationError(sentence);
  if (apart > CLOCK_WARNING_MS) logger.warn(sentence);
}

/** Milliseconds that this instance is ahead of its database, or null where the two share a clock. */
async function clockAhead(dataSource: DataSource, now: () => number): Promise<number | null> {
  const question = {
    postgres: 'SELECT extract(epoch from clock_timestamp()) * 1000 AS ms',
    mysql: 'SELECT unix_timestamp(now(3)) * 1000 AS ms',
    mariadb: 'SELECT unix_timestamp(now(3)) * 1000 AS ms',
  }[dataSource.options.type as string];
  if (question === undefined) return null;
  const before = now();
  const [row] = await dataSource.query<{ ms: string }[]>(question);
  return (before + now()) / 2 - Number(row!.ms);
}

function isBehind(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string };
  return SCHEMA_IS_BEHIND.has(code ?? '') || /no such (table|column)/.test(error.message);
}
