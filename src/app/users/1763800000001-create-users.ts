import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Creates `users`. */
export class CreateUsers1763800000001 implements MigrationInterface {
  readonly name = 'CreateUsers1763800000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL and MariaDB would treat `victim` and `víctim` as equal.
    const isMysql = ['mysql', 'mariadb'].includes(queryRunner.dataSource.options.type);
    const exact = isMysql ? { collation: 'utf8mb4_bin' } : {};
    await queryRunner.createTable(
      new Table({
        name: 'users',
        columns: [
          {
            name: 'id',
            type: 'integer',
            isPrimary: true,
            isGenerated: true,
            generationStrategy: 'increment',
          },
          { name: 'username', type: 'varchar', length: '255' },
          { name: 'username_key', type: 'varchar', length: '255', ...exact },
          { name: 'email', type: 'varchar', length: '255', isNullable: true },
          { name: 'password_hash', type: 'varchar', length: '255' },
          { name: 'roles', type: 'varchar', length: '255', default: "'user'" },
          { name: 'disabled', type: 'integer', default: 0 },
        ],
        indices: [
          { name: 'IDX_users_username_key', columnNames: ['username_key'], isUnique: true },
        ],
      }),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('users');
  }
}
