import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';

/** TypeORM's names of the databases that this module's statements and migrations are written for and tested with. */
const SUPPORTED = ['better-sqlite3', 'sqljs', 'postgres', 'mysql', 'mariadb'] as const;

export type SupportedDatabase = (typeof SUPPORTED)[number];

/** @throws {AuthConfigurationError} for an unsupported database */
export function supportedDatabase({ options: { type } }: DataSource): SupportedDatabase {
  const supported = SUPPORTED.find((name) => name === type);
  if (supported === undefined) {
    throw new AuthConfigurationError(
      `sessions can't be kept in a DataSource of type ${type}: use one of ${SUPPORTED.join(', ')}, or pass a store of your own.`,
    );
  }
  return supported;
}

/** Whether it compares and escapes like MySQL. */
export function isMysql(type: string): boolean {
  return type === 'mysql' || type === 'mariadb';
}
