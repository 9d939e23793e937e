import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { AuthRateLimit } from '../auth-rate-limit.entity.js';
import { exactComparison } from './exact-comparison.js';
import { tablePath } from './table-path.js';

/** Creates `auth_rate_limits`, which stays empty unless failed logins are counted in the database. */
export class CreateAuthRateLimits1763800000002 implements MigrationInterface {
  readonly name = 'CreateAuthRateLimits1763800000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: tablePath(queryRunner, AuthRateLimit, 'auth_rate_limits'),
        columns: [
          {
            name: 'key',
            type: 'varchar',
            length: '255',
            isPrimary: true,
            ...exactComparison(queryRunner),
          },
          { name: 'points', type: 'integer' },
          { name: 'expire', type: 'bigint', isNullable: true },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tablePath(queryRunner, AuthRateLimit, 'auth_rate_limits'));
  }
}
