import type { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { MOST_CLOCK_ERROR_MS } from '../options/time-bounds.js';
import type { ClockReading } from '../sessions/shared-clock.js';
import { sessionDatabase } from './open-session-database.js';

const CLOCK_WARNING_MS = 5000;

/** In UTC throughout: a local time comes twice in the hour after summer time ends. */
const MYSQL_TIME = `SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) / 1000 AS ms`;

/** How a database says its time in milliseconds since the epoch. SQLite has the instance's own. */
const QUESTIONS: Record<string, string> = {
  postgres: 'SELECT extract(epoch from clock_timestamp()) * 1000 AS ms',
  mysql: MYSQL_TIME,
  mariadb: MYSQL_TIME,
};

/**
 * Compares this instance's clock with its database's; null where they are one and the same.
 * @param now this instance's time, in milliseconds
 * @throws {AuthConfigurationError} if they are more than half a minute apart
 */
export async function judgeClock(
  dataSource: DataSource,
  now: () => number,
  logger: Logger,
): Promise<ClockReading | null> {
  const reading = await readClock(dataSource, now);
  if (reading === null) return null;
  const apart = Math.abs(reading.aheadMs);
  const sentence = `the clocks of this instance and of its database are ${Math.round(apart / 1000)} seconds apart: synchronize them (NTP), or sessions end too early or too late.`;
  if (apart > MOST_CLOCK_ERROR_MS) throw new AuthConfigurationError(sentence);
  if (apart > CLOCK_WARNING_MS) logger.warn(sentence);
  return reading;
}

/** One look at the database's clock; null where it has none of its own. */
export async function readClock(
  dataSource: DataSource,
  now: () => number,
): Promise<ClockReading | null> {
  const question = QUESTIONS[dataSource.options.type];
  if (question === undefined) return null;
  const askedAt = now();
  const begin = performance.now();
  const { records } = await sessionDatabase(dataSource).run(question, []);
  const uncertainMs = (performance.now() - begin) / 2;
  return { aheadMs: askedAt + uncertainMs - Number(records[0]!.ms), uncertainMs };
}
