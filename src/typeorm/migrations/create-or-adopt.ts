import { Table, TableIndex, type QueryRunner, type TableColumn } from 'typeorm';
import { AuthConfigurationError } from '../../errors/configuration-error.js';

/**
 * Creates a table or, where `synchronize` made it before, brings it to the same state.
 * @throws {AuthConfigurationError} for a table of somebody else's
 */
export async function createOrAdopt(runner: QueryRunner, wanted: Table): Promise<void> {
  const found = await runner.getTable(wanted.name);
  if (found === undefined) {
    await runner.createTable(wanted);
    return;
  }
  const missing = wanted.columns.filter(({ name }) => found.findColumnByName(name) === undefined);
  if (missing.length > 0) throw foreignTable(wanted.name, missing);
  for (const column of wanted.columns) {
    const present = found.findColumnByName(column.name)!;
    if (column.collation === undefined || column.collation === present.collation) continue;
    const changed = present.clone();
    changed.collation = column.collation;
    await runner.changeColumn(found, present, changed);
  }
  for (const index of wanted.indices) {
    if (!found.indices.some((each) => isOnSameColumns(each, index))) {
      await runner.createIndex(found, new TableIndex({ columnNames: index.columnNames }));
    }
  }
}

/** @param missing columns of this module's table that it doesn't have */
export function foreignTable(
  name: string,
  missing: readonly Pick<TableColumn, 'name'>[],
): AuthConfigurationError {
  const columns = missing.map((column) => column.name).join(', ');
  return new AuthConfigurationError(
    `there is another table ${name}, without ${columns}: give this module's tables other names, by authTables({ prefix: 'auth_' }) in the DataSource and tableNames: { prefix: 'auth_' } in AuthModule.`,
  );
}

function isOnSameColumns(one: TableIndex, other: TableIndex): boolean {
  return one.columnNames.join() === other.columnNames.join();
}
