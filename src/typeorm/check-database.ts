import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { judgeClock } from './database-clock.js';
import { tryDatabaseLimiter } from './database-limiter.js';
import { foreignTableIn } from './foreign-table.js';
import { sentenceFor } from './schema-errors.js';
import { tryStore } from './store-trial.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';

export interface DatabaseChecks {
  /** Whether sessions are stored there. */
  sessions: boolean;
  /** Whether failed logins are counted there. */
  limits: boolean;
  /** This instance's time in milliseconds, or null if the clock isn't a real one. */
  now: (() => number) | null;
}

/**
 * Does once at boot what the module will do with the database, so that a mistake stops the boot and is no endless
 * outage. A database that is down is no reason not to start.
 * @throws {AuthConfigurationError} for tables that are missing or differ from the migrations', settings that would lose
 * every write, and clocks so far apart that sessions would end early
 */
export async function checkDatabase(dataSource: DataSource, checks: DatabaseChecks): Promise<void> {
  const logger = new Logger('AuthModule');
  try {
    if (checks.sessions) {
      await tryStore(dataSource);
      // Which devices count as known is stored in the other table.
      await new TypeOrmRefreshTokenStore(dataSource).devicesForgottenAt();
    }
    if (checks.limits) await tryDatabaseLimiter(dataSource);
    if (checks.now !== null) await judgeClock(dataSource, checks.now, logger);
  } catch (error) {
    if (error instanceof AuthConfigurationError) throw error;
    const sentence = sentenceFor(error, dataSource);
    if (sentence !== null) {
      // A table of somebody else's refuses in many ways: a number is no text of ours, and a column of theirs is empty.
      throw (await foreignTableIn(dataSource)) ?? new AuthConfigurationError(sentence);
    }
    logger.warn(`The database could not be checked at boot: ${String(error)}`);
  }
}
