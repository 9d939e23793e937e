import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { RefreshToken } from '../refresh-token.entity.js';
import { exactComparison } from './exact-comparison.js';
import { SESSIONS } from '../table-names.js';
import { createOrAdopt } from './create-or-adopt.js';
import { tableNames } from './names-of-a-table.js';

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
  /** Its name, unless the DataSource has the entity under another. */
  protected readonly table: string = SESSIONS;

  async up(queryRunner: QueryRunner): Promise<void> {
    const exact = exactComparison(queryRunner);
    const { path, column: named } = tableNames(queryRunner, RefreshToken, this.table);
    const userId = named('userId', 'user_id');
    const createdAt = named('createdAt', 'created_at');
    const absoluteExpiresAt = named('absoluteExpiresAt', 'absolute_expires_at');
    const revokedAt = named('revokedAt', 'revoked_at');
    await createOrAdopt(
      queryRunner,
      new Table({
        name: path,
        columns: [
          column(named('id', 'id'), 'varchar', { ...length(64), ...exact, isPrimary: true }),
          column(userId, 'varchar', { ...length(255), ...exact }),
          column(named('tokenHash', 'token_hash'), 'varchar', { ...length(64), ...exact }),
          column(named('generation', 'generation'), 'integer'),
          column(createdAt, 'bigint'),
          column(named('rotatedAt', 'rotated_at'), 'bigint'),
          column(named('expiresAt', 'expires_at'), 'bigint'),
          column(absoluteExpiresAt, 'bigint'),
          column(revokedAt, 'bigint', nullable),
          column(named('revokedReason', 'revoked_reason'), 'varchar', {
            ...length(32),
            ...nullable,
          }),
          column(named('ip', 'ip'), 'varchar', { ...length(64), ...nullable }),
          column(named('userAgent', 'user_agent'), 'varchar', { ...length(255), ...nullable }),
        ],
        // TypeORM names the indexes after the table: in PostgreSQL an index name must be unique in the schema.
        indices: [[userId, createdAt], [absoluteExpiresAt], [revokedAt]].map((columnNames) => ({
          columnNames,
        })),
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(tableNames(queryRunner, RefreshToken, this.table).path);
  }
}
