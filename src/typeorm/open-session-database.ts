import type { DataSource } from 'typeorm';
import { ServerDatabase } from './server-database.js';
import type { SessionDatabase } from './session-database.js';
import { SqlJsDatabase } from './sqljs-database.js';
import { SqliteDatabase } from './sqlite-database.js';
import { supportedDatabase } from './supported-databases.js';

const databases = new WeakMap<DataSource, SessionDatabase>();

/**
 * One for each DataSource, whoever asks.
 * @throws {AuthConfigurationError} for a database that this module doesn't know
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

/** Closes what was opened for a DataSource beside its own connections, if anything was. */
export async function closeSessionDatabase(dataSource: DataSource): Promise<void> {
  await databases.get(dataSource)?.close();
}
