import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { AuthRateLimit } from '../auth-rate-limit.entity.js';
import { exactComparison } from './exact-comparison.js';
import { RATE_LIMITS } from '../table-names.js';
import { createOrAdopt } from './create-or-adopt.js';
import { tableNames } from './names-of-a-table.js';

/** Creates `auth_rate_limits`, which has one or two rows unless failed logins are counted in the database. */
export class CreateAuthRateLimits1763800000002 implements MigrationInterface {
  readonly name = 'CreateAuthRateLimits1763800000002';
  /** Its name, unless the DataSource has the entity under another. */
  protected readonly table: string = RATE_LIMITS;

  async up(queryRunner: QueryRunner): Promise<void> {
    const { path, column } = tableNames(queryRunner, AuthRateLimit, this.table);
    await createOrAdopt(
      queryRunner,
      new Table({
        name: path,
        columns: [
          {
            name: column('key', 'key'),
            type: 'varchar',
            length: '255',
            isPrimary: true,
            ...exactComparison(queryRunner),
          },
          { name: column('points', 'points'), type: 'integer' },
          { name: column('expire', 'expire'), type: 'bigint', isNullable: true },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tableNames(queryRunner, AuthRateLimit, this.table).path);
  }
}
