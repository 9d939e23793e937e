import type { EntityTarget, QueryRunner } from 'typeorm';

/** What a table and its columns are called in the DataSource that a migration runs on: it may set schema, prefix and names. */
export function tableNames(
  { dataSource }: QueryRunner,
  entity: EntityTarget<object>,
  fallback: string,
) {
  const metadata = dataSource.hasMetadata(entity) ? dataSource.getMetadata(entity) : null;
  return {
    path: metadata?.tablePath ?? fallback,
    /** The column of a property, or as it is called where nobody renames it. */
    column: (property: string, usually: string) =>
      metadata?.findColumnWithPropertyName(property)?.databaseName ?? usually,
  };
}
