import type { EntityTarget, QueryRunner } from 'typeorm';
import { dataSourceOf } from '../data-source-of.js';

/** The names of a table and its columns in the migration's DataSource, which may set schema, prefix and names. */
export function tableNames(runner: QueryRunner, entity: EntityTarget<object>, fallback: string) {
  const dataSource = dataSourceOf(runner);
  const metadata = dataSource.hasMetadata(entity) ? dataSource.getMetadata(entity) : null;
  return {
    path: metadata?.tablePath ?? fallback,
    /** The column of a property, or its usual name if nothing renames it. */
    column: (property: string, usually: string) =>
      metadata?.findColumnWithPropertyName(property)?.databaseName ?? usually,
  };
}
