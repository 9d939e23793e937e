import type { DataSource } from 'typeorm';

/** Every way to use SQLite with TypeORM. */
export const sqliteWays = [
  { way: 'a file in WAL mode', dataSource: {}, isFile: true },
  { way: 'a file with a rollback journal', dataSource: { enableWAL: false }, isFile: true },
  { way: 'better-sqlite3 in memory', dataSource: { database: ':memory:' }, isFile: false },
  {
    way: 'sql.js',
    dataSource: { type: 'sqljs', database: undefined, location: undefined },
    isFile: false,
  },
];

export type Ending = 'commit' | 'rollback';

/**
 * Begins a transaction as an app does that waits for something outside the database in the middle of
 * `dataSource.transaction`.
 * @returns ends it
 */
export async function beginTransaction(
  dataSource: DataSource,
  statement = `UPDATE users SET email = 'changed@example.com'`,
): Promise<(how: Ending) => Promise<void>> {
  let settle!: (how: Ending) => void;
  const outcome = new Promise<Ending>((resolve) => (settle = resolve));
  let begun!: () => void;
  const isOpen = new Promise<void>((resolve) => (begun = resolve));
  const transaction = dataSource
    .transaction(async (manager) => {
      await manager.query(statement);
      begun();
      if ((await outcome) === 'rollback') throw new Error('The payment was declined.');
    })
    .catch(() => {});
  await isOpen;
  return async (how) => {
    settle(how);
    await transaction;
  };
}
