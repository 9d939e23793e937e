import type { DataSource } from 'typeorm';

/** A row of the database; a missing value becomes null or a plausible value. Times in milliseconds. */
export interface RawSession {
  id: string;
  userId: string;
  absoluteExpiresAt: number;
  revokedAt?: number;
}

const ROWS_A_STATEMENT = 1000;
const MONTH = 30 * 24 * 60 * 60_000;

/** Inserts hundreds of thousands of rows within seconds. */
export async function insertSessions(dataSource: DataSource, rows: RawSession[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const values = rows.slice(start, start + ROWS_A_STATEMENT).map(valuesOf);
    await dataSource.query(
      'INSERT INTO refresh_tokens (id, user_id, token_hash, generation, created_at, rotated_at,' +
        ` expires_at, absolute_expires_at, revoked_at, revoked_reason) VALUES ${values.join(',')}`,
    );
  }
}

function valuesOf({ id, userId, absoluteExpiresAt, revokedAt }: RawSession): string {
  const createdAt = absoluteExpiresAt - MONTH;
  const hash = id.padEnd(64, '0');
  const times = [createdAt, createdAt + 1000, absoluteExpiresAt, absoluteExpiresAt];
  const revocation = revokedAt === undefined ? 'NULL,NULL' : `${revokedAt},'logout'`;
  return `('${id}','${userId}','${hash}',1,${times.join(',')},${revocation})`;
}
