import type { DataSource } from 'typeorm';
import type { TableNames } from '../databases.js';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import { RefreshToken } from './refresh-token.entity.js';
import { tableNamesOf } from './table-names.js';

/**
 * With `autoLoadEntities` the option `tableNames` decides; a list of entities decides by itself.
 * @param names the option, or undefined
 * @throws {AuthConfigurationError} where the two contradict each other
 */
export function refuseOtherNames(dataSource: DataSource, names: TableNames | undefined): void {
  const { sessions, rateLimits } = tableNamesOf(names ?? {});
  for (const [entity, name] of [
    [RefreshToken, sessions],
    [AuthRateLimit, rateLimits],
  ] as const) {
    const found = dataSource.entityMetadatas
      .filter(({ target }) => target === entity)
      .map(({ givenTableName, tableName }) => givenTableName ?? tableName);
    const other = found.find((each) => each !== name);
    if (other === undefined || (names === undefined && found.length === 1)) continue;
    throw new AuthConfigurationError(
      `the DataSource has a table of this module as ${other}, and by tableNames it is ${name}: pass AuthModule the tableNames that authTables() got, and list no ...authEntities beside its entities.`,
    );
  }
}
