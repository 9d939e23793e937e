import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { RefreshToken } from '../refresh-token.entity.js';
import { exactComparison } from './exact-comparison.js';
import { tablePath } from './table-path.js';

const column = (name: string, type: string, more: Partial<TableColumnOptions> = {}) => ({
  name,
  type,
  ...more,
});
const nullable = { isNullable: true };
const length = (characters: number) => ({ length: String(characters) });

/** Creates `refresh_tokens`, on SQLite, PostgreSQL, MySQL and MariaDB alike. */
export class CreateRefreshTokens1763800000000 implements MigrationInterface {
  readonly name = 'CreateRefreshTokens1763800000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const exact = exactComparison(queryRunner);
    await queryRunner.createTable(
      new Table({
        name: tablePath(queryRunner, RefreshToken, 'refresh_tokens'),
        columns: [
          column('id', 'varchar', { ...length(64), ...exact, isPrimary: true }),
          column('user_id', 'varchar', { ...length(255), ...exact }),
          column('token_hash', 'varchar', length(64)),
          column('generation', 'integer'),
          column('created_at', 'bigint'),
          column('rotated_at', 'bigint'),
          column('expires_at', 'bigint'),
          column('absolute_expires_at', 'bigint'),
          column('revoked_at', 'bigint', nullable),
          column('revoked_reason', 'varchar', { ...length(32), ...nullable }),
          column('ip', 'varchar', { ...length(64), ...nullable }),
          column('user_agent', 'varchar', { ...length(255), ...nullable }),
        ],
        indices: [['user_id', 'created_at'], ['absolute_expires_at'], ['revoked_at']].map(
          (columnNames) => ({
            name: `IDX_refresh_tokens_${columnNames[0]}`,
            columnNames,
          }),
        ),
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tablePath(queryRunner, RefreshToken, 'refresh_tokens'));
  }
}
