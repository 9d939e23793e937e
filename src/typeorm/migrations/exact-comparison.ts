import type { QueryRunner } from 'typeorm';

/**
 * For columns that hold identifiers: MySQL and MariaDB compare without regard to case and accents unless told otherwise,
 * so that the users `ab` and `AB` would be one.
 */
export function exactComparison({ dataSource }: QueryRunner): { collation?: string } {
  const { type } = dataSource.options;
  return type === 'mysql' || type === 'mariadb' ? { collation: 'utf8mb4_bin' } : {};
}
