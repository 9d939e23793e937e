import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { authEntities } from './auth-entities.js';
import { supportedDatabase } from './supported-databases.js';

/**
 * The DataSource, if it is there, of a supported kind, and knows the module's entities.
 * @param without the error message if there is none
 * @throws {AuthConfigurationError}
 */
export function requiredDataSource(
  dataSource: DataSource | undefined,
  without: string,
): DataSource {
  if (dataSource === undefined) throw new AuthConfigurationError(without);
  supportedDatabase(dataSource);
  if (!authEntities.every((entity) => dataSource.hasMetadata(entity))) {
    throw new AuthConfigurationError(
      'the DataSource does not know the entities of this module: add ...authEntities to its entities and ...authMigrations to its migrations.',
    );
  }
  return dataSource;
}

export function isUsableDataSource(dataSource: DataSource | undefined): dataSource is DataSource {
  try {
    requiredDataSource(dataSource, '');
    return true;
  } catch {
    return false;
  }
}
