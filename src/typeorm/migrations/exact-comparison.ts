import type { QueryRunner } from 'typeorm';

/**
 * For columns with identifiers: by default MySQL and MariaDB ignore case and accents in comparisons, so that the users
 * `ab` and `AB` would be one.
 */
export function exactComparison({ dataSource }: QueryRunner): { collation?: string } {
  const { type } = dataSource.options;
  return type === 'mysql' || type === 'mariadb' ? { collation: 'utf8mb4_bin' } : {};
}
