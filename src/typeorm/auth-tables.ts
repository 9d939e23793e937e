import {
  EntitySchema,
  getMetadataArgsStorage,
  type EntitySchemaColumnOptions,
  type MigrationInterface,
} from 'typeorm';
import type { TableNames } from '../databases.js';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import { CreateRefreshTokens1763800000000 } from './migrations/1763800000000-create-refresh-tokens.js';
import { CreateAuthRateLimits1763800000002 } from './migrations/1763800000002-create-auth-rate-limits.js';
import { RefreshToken } from './refresh-token.entity.js';
import { tableNamesOf } from './table-names.js';

/** What {@link authTables} makes. */
export interface AuthTables {
  /** In place of `authEntities`. */
  entities: EntitySchema[];
  /** In place of `authMigrations`. */
  migrations: (new () => MigrationInterface)[];
}

/**
 * `authEntities` and `authMigrations` with other table names. `getRepository(RefreshToken)` works as before.
 * @param names the same as in the option `tableNames`
 */
export function authTables(names: TableNames): AuthTables {
  const { sessions, rateLimits } = tableNamesOf(names);
  return {
    entities: [renamed(RefreshToken, sessions), renamed(AuthRateLimit, rateLimits)],
    migrations: [
      class extends CreateRefreshTokens1763800000000 {
        protected override readonly table = sessions;
      },
      class extends CreateAuthRateLimits1763800000002 {
        protected override readonly table = rateLimits;
      },
    ],
  };
}

/** What the decorators of an entity say, under another table name. */
function renamed(entity: new () => object, tableName: string): EntitySchema {
  const decorated = getMetadataArgsStorage();
  const columns = decorated
    .filterColumns(entity)
    .map(({ propertyName, options }) => [propertyName, options as EntitySchemaColumnOptions]);
  return new EntitySchema({
    name: entity.name,
    target: entity,
    tableName,
    columns: Object.fromEntries(columns) as Record<string, EntitySchemaColumnOptions>,
    indices: decorated
      .filterIndices(entity)
      .map(({ columns: indexed }) => ({ columns: indexed as string[] })),
  });
}
