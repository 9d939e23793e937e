import type { EntityTarget, QueryRunner } from 'typeorm';

/** A table's name, with the schema and prefix that the DataSource may set. */
export function tablePath(
  { dataSource }: QueryRunner,
  entity: EntityTarget<object>,
  fallback: string,
): string {
  return dataSource.hasMetadata(entity) ? dataSource.getMetadata(entity).tablePath : fallback;
}
