import type { DataSource } from 'typeorm';
import { ServerDatabase } from './server-database.js';
import type { SessionDatabase } from './session-database.js';
import { SqlJsDatabase } from './sqljs-database.js';
import { SqliteDatabase } from './sqlite-database.js';
import { supportedDatabase } from './supported-databases.js';

const databases = new WeakMap<DataSource, SessionDatabase>();

/**
 * Returns one and the same object for each DataSource.
 * @throws {AuthConfigurationError} for an unsupported database
 */
export function sessionDatabase(dataSource: DataSource): SessionDatabase {
  const known = databases.get(dataSource) ?? open(dataSource);
  databases.set(dataSource, known);
  return known;
}

function open(dataSource: DataSource): SessionDatabase {
  switch (supportedDatabase(dataSource)) {
    case 'better-sqlite3':
      return new SqliteDatabase(dataSource);
    case 'sqljs':
      return new SqlJsDatabase(dataSource);
    default:
      return new ServerDatabase(dataSource);
  }
}

/** Closes what was opened beside a DataSource's own connections, if anything. */
export async function closeSessionDatabase(dataSource: DataSource): Promise<void> {
  await databases.get(dataSource)?.close();
}
