import type { DataSource } from 'typeorm';

/** Any number, as long as every instance uses the same. */
const LOCK = 1763800000;

/** Brings the schema up to date; of several instances that start at once, one does it and the others wait. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const { type } = dataSource.options;
  if (type === 'postgres') {
    await locked(
      dataSource,
      `SELECT pg_advisory_lock(${LOCK})`,
      `SELECT pg_advisory_unlock(${LOCK})`,
    );
  } else if (type === 'mysql' || type === 'mariadb') {
    await locked(dataSource, `SELECT GET_LOCK('${LOCK}', 60)`, `SELECT RELEASE_LOCK('${LOCK}')`);
  } else {
    await dataSource.runMigrations();
  }
}

async function locked(dataSource: DataSource, lock: string, unlock: string): Promise<void> {
  const holder = dataSource.createQueryRunner();
  try {
    await holder.query(lock);
    await dataSource.runMigrations();
    await holder.query(unlock);
  } finally {
    await holder.release();
  }
}
