import type { Provider } from '@nestjs/common';
import type { LimiterFactory } from './limits/limiters.js';
import type { RefreshTokenStore } from './sessions/refresh-token-store.js';
import type { AppTransactions } from './users/app-transactions.js';

/** The token of the database that the option `dataSource` names; under it is undefined where the app has none. */
export const APP_DATABASE = 'nestjs-refresh-auth:APP_DATABASE';

/** The token of the option `store`, or null. */
export const GIVEN_STORE = 'nestjs-refresh-auth:GIVEN_STORE';

/** The token of the store in that database; under it is null where it is not what keeps the sessions. */
export const DATABASE_STORE = 'nestjs-refresh-auth:DATABASE_STORE';

/** Names for the tables of this module, where its own are taken or against the custom of the house. */
export interface TableNames {
  /** Stands before names that aren't given: `auth_` makes `auth_refresh_tokens` and `auth_rate_limits`. */
  prefix?: string;
  /** The table of the sessions. Default `refresh_tokens`. */
  sessions?: string;
  /** The table of the failed logins, and of what all instances share. Default `auth_rate_limits`. */
  rateLimits?: string;
}

/** What the module asks of a database of the app's, or of the object that stands for one in its ORM. */
export type AppDatabase = object;

/** What of the module is in a database. */
export interface InDatabase {
  store: RefreshTokenStore;
  /** Null: failed logins are not counted. */
  limiter: LimiterFactory | null;
  /** This instance's time in milliseconds, or null if the clock isn't a real one. */
  now: (() => number) | null;
}

/** Everything that the module does with databases: by TypeORM, or nothing in `nestjs-refresh-auth/core`. */
export interface Databases {
  /**
   * Provides {@link APP_DATABASE} and, unless there is a {@link GIVEN_STORE}, {@link DATABASE_STORE}. Called when the
   * module is defined.
   * @param name the option `dataSource`
   * @param tableNames the option `tableNames`
   */
  providers(name: string | undefined, tableNames: TableNames | undefined): Provider[];
  /** @throws {AuthConfigurationError} why no sessions can be kept in it */
  refuseAsStore(database: AppDatabase | undefined): void;
  /**
   * Counts failed logins there, for several instances together.
   * @throws {AuthConfigurationError} where it can't
   */
  limiter(database: AppDatabase | undefined): LimiterFactory;
  /** The database in which a store keeps sessions; null if it is none of these. */
  ofStore(store: RefreshTokenStore): AppDatabase | null;
  /** The database in which a limiter counts; null if it is none of these. */
  ofLimiter(limiter: LimiterFactory): AppDatabase | null;
  /** Reads its time, in milliseconds since the epoch; null if it has no clock of its own. */
  time(database: AppDatabase): Promise<number | null>;
  /** Null if each transaction has a connection of its own. */
  transactions(database: AppDatabase | undefined): AppTransactions | null;
  /**
   * Tries at boot what the module will do there.
   * @throws {AuthConfigurationError}
   */
  check(parts: InDatabase, database: AppDatabase | undefined): Promise<void>;
}
