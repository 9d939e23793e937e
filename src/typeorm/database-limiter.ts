import { randomBytes } from 'node:crypto';
import {
  RateLimiterMySQL,
  RateLimiterPostgres,
  RateLimiterSQLite,
  type IRateLimiterStoreNoAutoExpiryOptions,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { limiterOptions, memoryLimiter, type LimiterFactory } from '../limits/limiters.js';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import { limiterClient } from './limiter-client.js';

/** Counts in the app's database, for several instances together; in memory while the database is down. */
export function databaseLimiter(dataSource: DataSource): LimiterFactory {
  const limiter: LimiterFactory = (thing, limit) =>
    storedLimiter(dataSource, {
      ...limiterOptions(thing, limit),
      insuranceLimiter: memoryLimiter(thing, limit),
    });
  countedIn.set(limiter, dataSource);
  return limiter;
}

const countedIn = new WeakMap<LimiterFactory, DataSource>();

/** Where the counters of a factory are stored; null if that is no DataSource. */
export function dataSourceOfLimiter(limiter: LimiterFactory): DataSource | null {
  return countedIn.get(limiter) ?? null;
}

/**
 * Counts once and removes it: at boot, where somebody reads the error. Later the memory would replace a missing table,
 * and nobody would notice that each instance counts for itself.
 */
export async function tryDatabaseLimiter(dataSource: DataSource): Promise<void> {
  const limiter = storedLimiter(dataSource, {
    keyPrefix: 'auth_trial',
    points: 1,
    duration: 60,
    clearExpiredByTimeout: false,
  });
  const key = randomBytes(16).toString('hex');
  await limiter.consume(key, 1);
  await limiter.delete(key);
}

/** Postpones clearing expired rows if it fails; without this, a locked file would end the process. */
class PatientSqliteLimiter extends RateLimiterSQLite {
  async clearExpired(before: number): Promise<void> {
    const { clearExpired } = RateLimiterSQLite.prototype as unknown as Clearing;
    await clearExpired.call(this, before).catch(() => {});
  }
}

interface Clearing {
  clearExpired(before: number): Promise<void>;
}

type Counting = Omit<IRateLimiterStoreNoAutoExpiryOptions, 'storeClient'>;

function storedLimiter(dataSource: DataSource, counting: Counting): RateLimiterAbstract {
  const { tableName, schema, database, columns } = dataSource.getMetadata(AuthRateLimit);
  const renamed = columns.find(({ propertyName, databaseName }) => propertyName !== databaseName);
  if (renamed !== undefined) {
    throw new AuthConfigurationError(
      `limits.store "database" needs the columns of auth_rate_limits under their own names, but the naming strategy calls ${renamed.propertyName} ${renamed.databaseName}: let it keep names that are given, or use "memory".`,
    );
  }
  const options = { ...counting, tableName, tableCreated: true };
  const client = limiterClient(dataSource);
  switch (client.database) {
    case 'postgres':
      return new RateLimiterPostgres({
        ...options,
        ...(schema === undefined ? {} : { schemaName: schema }),
        ...client.settings,
      });
    case 'mysql':
      return new RateLimiterMySQL({
        ...options,
        ...client.settings,
        dbName: database ?? client.settings.dbName,
      });
    case 'better-sqlite3':
      if (!/^\w+$/.test(tableName)) {
        throw new AuthConfigurationError(
          `limits.store "database" works on SQLite with a table name of letters, digits and underscores, not with ${tableName}: change entityPrefix, or use "memory".`,
        );
      }
      return new PatientSqliteLimiter({ ...options, ...client.settings });
  }
}
