import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { judgeClock } from './database-clock.js';
import { tryDatabaseLimiter } from './database-limiter.js';
import { sentenceFor } from './schema-errors.js';
import { tryStore } from './store-trial.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';

export interface DatabaseChecks {
  /** Whether sessions are kept there. */
  sessions: boolean;
  /** Whether failed logins are counted there. */
  limits: boolean;
  /** This instance's time in milliseconds, or null where the clock isn't a real one. */
  now: (() => number) | null;
}

/**
 * Does at boot, once, what the module will do with the database, so that what can't work is said then and not by an
 * outage that never ends. A database that is down is no reason not to start.
 * @throws {AuthConfigurationError} for tables that are missing or other than the migrations make them, settings under
 * which nothing written would last, and clocks so far apart that sessions would die early
 */
export async function checkDatabase(dataSource: DataSource, checks: DatabaseChecks): Promise<void> {
  const logger = new Logger('AuthModule');
  try {
    if (checks.sessions) {
      await tryStore(dataSource);
      // Which devices count as known is kept in the other table.
      await new TypeOrmRefreshTokenStore(dataSource).devicesForgottenAt();
    }
    if (checks.limits) await tryDatabaseLimiter(dataSource);
    if (checks.now !== null) await judgeClock(dataSource, checks.now, logger);
  } catch (error) {
    if (error instanceof AuthConfigurationError) throw error;
    const sentence = sentenceFor(error, dataSource);
    if (sentence !== null) throw new AuthConfigurationError(sentence);
    logger.warn(`The database could not be checked at boot: ${String(error)}`);
  }
}
