import {
  RateLimiterMySQL,
  RateLimiterPostgres,
  RateLimiterSQLite,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { limiterOptions, memoryLimiter, type LimiterFactory } from '../passwords/limiters.js';
import { AuthRateLimit } from './auth-rate-limit.entity.js';

/** Counts in the app's database, for several instances together; in memory while the database is down. */
export function databaseLimiter(dataSource: DataSource): LimiterFactory {
  const { tableName, schema, database } = dataSource.getMetadata(AuthRateLimit);
  return (thing, limit): RateLimiterAbstract => {
    const options = {
      ...limiterOptions(thing, limit),
      tableName,
      tableCreated: true,
      insuranceLimiter: memoryLimiter(thing, limit),
    };
    const { driver } = dataSource as unknown as { driver: DriverParts };
    switch (dataSource.options.type) {
      case 'postgres':
        return new RateLimiterPostgres({
          ...options,
          ...(schema === undefined ? {} : { schemaName: schema }),
          storeClient: driver.master,
          storeType: 'pool',
        });
      case 'mysql':
      case 'mariadb':
        return new RateLimiterMySQL({
          ...options,
          dbName: database ?? driver.database!,
          storeClient: driver.pool,
          storeType: 'pool',
        });
      case 'better-sqlite3':
        return new RateLimiterSQLite({
          ...options,
          storeClient: driver.databaseConnection,
          storeType: 'better-sqlite3',
        });
      default:
        throw new AuthConfigurationError(
          `limits.store "database" works on PostgreSQL, MySQL, MariaDB and better-sqlite3, not on ${dataSource.options.type}: use "memory".`,
        );
    }
  };
}

/** Where TypeORM's drivers keep what they connect with. */
interface DriverParts {
  master?: unknown;
  pool?: unknown;
  database?: string;
  databaseConnection?: unknown;
}
