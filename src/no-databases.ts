import { APP_DATABASE, DATABASE_STORE, type Databases } from './databases.js';
import { AuthConfigurationError } from './errors/configuration-error.js';

/** For `nestjs-refresh-auth/core`, which loads no ORM. */
export const noDatabases: Databases = {
  providers(name, tableNames) {
    for (const [option, value] of Object.entries({ dataSource: name, tableNames })) {
      if (value === undefined) continue;
      throw new AuthConfigurationError(
        `${option} is about TypeORM, and nestjs-refresh-auth/core uses none: leave it out, or import AuthModule from nestjs-refresh-auth.`,
      );
    }
    return [
      { provide: APP_DATABASE, useValue: undefined },
      { provide: DATABASE_STORE, useValue: null },
    ];
  },
  refuseAsStore() {
    throw new AuthConfigurationError(
      'nestjs-refresh-auth/core keeps no sessions by itself: pass a store, or import AuthModule from nestjs-refresh-auth to keep them by TypeORM.',
    );
  },
  limiter() {
    throw new AuthConfigurationError(
      'limits.store "database" counts by a TypeORM DataSource, and nestjs-refresh-auth/core uses none: use "memory", provide a LIMITER_FACTORY, or import AuthModule from nestjs-refresh-auth.',
    );
  },
  ofStore: () => null,
  ofLimiter: () => null,
  time: async () => null,
  transactions: () => null,
  check: async () => {},
};
