import pg from 'pg';

/** Inserts this many live sessions of as many users into a PostgreSQL database, by one statement. */
export async function fillWithSessions(databaseUrl: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const now = Date.now();
  const month = 30 * 24 * 60 * 60_000;
  await client.query(
    `INSERT INTO refresh_tokens (id, user_id, token_hash, generation, created_at, rotated_at, expires_at, absolute_expires_at)
     SELECT md5(i::text), i::text, md5(i::text) || md5(i::text), 1, ${now}, ${now}, ${now + month}, ${now + month}
     FROM generate_series(1, ${rows}) AS i`,
  );
  await client.query('VACUUM ANALYZE refresh_tokens');
  await client.end();
}
