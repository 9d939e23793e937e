import { Logger } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  APP_DATABASE,
  DATABASE_STORE,
  GIVEN_STORE,
  type AppDatabase,
  type Databases,
} from '../databases.js';
import type { RefreshTokenStore } from '../sessions/refresh-token-store.js';
import { authEntities } from './auth-entities.js';
import { authTables } from './auth-tables.js';
import { refuseOtherNames } from './refuse-other-names.js';
import { checkDatabase } from './check-database.js';
import { databaseTime } from './database-clock.js';
import { databaseLimiter, dataSourceOfLimiter } from './database-limiter.js';
import { openTransactions } from './open-transactions.js';
import { replicaNotice } from './replica-notice.js';
import { isUsableDataSource, requiredDataSource } from './required-data-source.js';
import { SessionDatabaseCloser } from './session-database-closer.js';
import { dataSourceOfStore, TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';

const NOTHING_TO_KEEP_SESSIONS_IN =
  'there is no TypeORM DataSource to keep sessions in: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or pass a store.';

const NOTHING_TO_COUNT_IN =
  'limits.store "database" counts by a TypeORM DataSource, whatever keeps the sessions, and there is none: import TypeOrmModule.forRoot(…), name yours with { dataSource }, or use "memory".';

/** The app's TypeORM DataSources. */
export const typeOrmDatabases: Databases = {
  providers(name, tableNames) {
    const entities = tableNames === undefined ? authEntities : authTables(tableNames).entities;
    // Side effect only: registers our entities for DataSources with `autoLoadEntities`.
    TypeOrmModule.forFeature(entities as Parameters<typeof TypeOrmModule.forFeature>[0], name);
    return [
      {
        provide: APP_DATABASE,
        inject: [{ token: getDataSourceToken(name), optional: true }],
        useFactory: (dataSource?: DataSource) => {
          if (dataSource !== undefined) refuseOtherNames(dataSource, tableNames);
          return dataSource;
        },
      },
      {
        provide: TypeOrmRefreshTokenStore,
        inject: [GIVEN_STORE, APP_DATABASE],
        useFactory: (given: RefreshTokenStore | null, dataSource?: DataSource) =>
          given === null && isUsableDataSource(dataSource)
            ? new TypeOrmRefreshTokenStore(dataSource)
            : null,
      },
      { provide: DATABASE_STORE, useExisting: TypeOrmRefreshTokenStore },
      SessionDatabaseCloser,
    ];
  },

  refuseAsStore(database) {
    requiredDataSource(dataSourceFrom(database), NOTHING_TO_KEEP_SESSIONS_IN);
  },

  limiter(database) {
    return databaseLimiter(requiredDataSource(dataSourceFrom(database), NOTHING_TO_COUNT_IN));
  },

  ofStore: dataSourceOfStore,
  ofLimiter: dataSourceOfLimiter,

  time: (database) => databaseTime(database as DataSource),

  transactions: (database) => openTransactions(dataSourceFrom(database)),

  async check({ store, limiter, now }, database) {
    const notice = replicaNotice(dataSourceFrom(database));
    if (notice !== null) new Logger('AuthModule').log(notice);
    const ofSessions = dataSourceOfStore(store);
    const ofLimits = limiter && dataSourceOfLimiter(limiter);
    for (const each of new Set([ofSessions, ofLimits])) {
      if (each === null) continue;
      await checkDatabase(each, { sessions: each === ofSessions, limits: each === ofLimits, now });
    }
  },
};

const dataSourceFrom = (database: AppDatabase | undefined) => database as DataSource | undefined;
