import type { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { MOST_CLOCK_ERROR_MS } from '../runtime/time-bounds.js';
import { sessionDatabase } from './open-session-database.js';

const CLOCK_WARNING_MS = 5000;

/** Always UTC: a local time occurs twice in the hour after summer time ends. */
const MYSQL_TIME = `SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1000 AS ms`;

/** How to query each database's time, in milliseconds since the epoch. SQLite has none of its own. */
const QUERIES: Record<string, string> = {
  postgres: 'SELECT extract(epoch from clock_timestamp()) * 1000 AS ms',
  mysql: MYSQL_TIME,
  mariadb: MYSQL_TIME,
};

/** @throws {AuthConfigurationError} if the instance and its database are more than half a minute apart */
export async function judgeClock(
  dataSource: DataSource,
  now: () => number,
  logger: Logger,
): Promise<void> {
  const apart = Math.abs(await clockAhead(dataSource, now));
  const sentence = `the clocks of this instance and of its database are ${Math.round(apart / 1000)} seconds apart: synchronize them (NTP), or sessions end too early or too late.`;
  if (apart > MOST_CLOCK_ERROR_MS) throw new AuthConfigurationError(sentence);
  if (apart > CLOCK_WARNING_MS) logger.warn(sentence);
}

/** Milliseconds by which this instance is ahead of its database. */
async function clockAhead(dataSource: DataSource, now: () => number): Promise<number> {
  const before = now();
  const time = await databaseTime(dataSource);
  return time === null ? 0 : (before + now()) / 2 - time;
}

/** The database's time in milliseconds; null if it has no clock of its own. */
export async function databaseTime(dataSource: DataSource): Promise<number | null> {
  const query = QUERIES[dataSource.options.type];
  if (query === undefined) return null;
  const { records } = await sessionDatabase(dataSource).run(query, []);
  return Number(records[0]!.ms);
}
