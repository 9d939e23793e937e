import type { QueryRunner } from 'typeorm';
import { dataSourceOf } from '../data-source-of.js';
import { isMysql } from '../supported-databases.js';

/**
 * For columns with identifiers: by default MySQL and MariaDB ignore case and accents in comparisons, so that the users
 * `ab` and `AB` would be one.
 */
export function exactComparison(runner: QueryRunner): { collation?: string } {
  return isMysql(dataSourceOf(runner).options.type) ? { collation: 'utf8mb4_bin' } : {};
}
