import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { authEntities, authMigrations } from 'nestjs-refresh-auth';

/** A DataSource of the sessions' tables alone, in memory. */
export const memoryDataSource = (options: Partial<TypeOrmModuleOptions> = {}): DynamicModule =>
  TypeOrmModule.forRoot({
    type: 'better-sqlite3',
    database: ':memory:',
    entities: authEntities,
    migrations: authMigrations,
    migrationsRun: true,
    retryAttempts: 0,
    ...options,
  } as TypeOrmModuleOptions);
