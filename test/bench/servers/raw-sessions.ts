import Database from 'better-sqlite3';
import { createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import { databaseFile } from '../../../src/app/database.js';

interface User {
  id: number;
  username: string;
}

interface RawRotation {
  id: string;
  generation: number;
  hash: string;
  next: string;
  now: number;
  expiresAt: number;
}

/** Two prepared statements of the raw driver, on tables like those of the reference app; and one that fills them. */
export interface SessionStatements {
  findUser(id: number): Promise<User | undefined>;
  rotate(rotation: RawRotation): Promise<boolean>;
  insert(id: string, username: string, hash: string, expiresAt: number): Promise<number>;
}

const COLUMNS =
  'id, user_id, token_hash, generation, created_at, rotated_at, expires_at, absolute_expires_at';

/** The tables exist already: the app on the other side created them. */
export async function openSessions(databaseUrl: string): Promise<SessionStatements> {
  const file = databaseFile(databaseUrl);
  if (file !== null) return onSqlite(file);
  return databaseUrl.startsWith('postgres') ? onPostgres(databaseUrl) : onMysql(databaseUrl);
}

function onSqlite(file: string): SessionStatements {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  const user = database.prepare<[number], User>('SELECT * FROM users WHERE id = ?');
  const update = database.prepare(
    'UPDATE refresh_tokens SET token_hash = ?, generation = ?, rotated_at = ?, expires_at = ?' +
      ' WHERE id = ? AND generation = ? AND token_hash = ? AND revoked_at IS NULL AND expires_at > ?',
  );
  const newUser = database.prepare(
    'INSERT INTO users (username, username_key, password_hash) VALUES (?, ?, ?)',
  );
  const newSession = database.prepare(
    `INSERT INTO refresh_tokens (${COLUMNS}) VALUES (?, ?, ?, 0, 0, 0, ?, ?)`,
  );
  return {
    findUser: async (id) => user.get(id),
    rotate: async ({ id, generation, hash, next, now, expiresAt }) =>
      update.run(next, generation + 1, now, expiresAt, id, generation, hash, now).changes === 1,
    insert: async (id, username, hash, expiresAt) => {
      const userId = Number(newUser.run(username, username, '-').lastInsertRowid);
      newSession.run(id, String(userId), hash, expiresAt, expiresAt);
      return userId;
    },
  };
}

async function onPostgres(url: string): Promise<SessionStatements> {
  const pool = new pg.Pool({ connectionString: url });
  return {
    async findUser(id) {
      const text = 'SELECT * FROM users WHERE id = $1';
      return (await pool.query<User>({ name: 'user', text, values: [id] })).rows[0];
    },
    async rotate({ id, generation, hash, next, now, expiresAt }) {
      const text =
        'UPDATE refresh_tokens SET token_hash = $1, generation = $2, rotated_at = $3, expires_at = $4' +
        ' WHERE id = $5 AND generation = $6 AND token_hash = $7 AND revoked_at IS NULL AND expires_at > $3';
      const values = [next, generation + 1, now, expiresAt, id, generation, hash];
      return (await pool.query({ name: 'rotate', text, values })).rowCount === 1;
    },
    async insert(id, username, hash, expiresAt) {
      const { rows } = await pool.query<User>(
        'INSERT INTO users (username, username_key, password_hash) VALUES ($1, $1, $2) RETURNING id',
        [username, '-'],
      );
      await pool.query(
        `INSERT INTO refresh_tokens (${COLUMNS}) VALUES ($1, $2, $3, 0, 0, 0, $4, $4)`,
        [id, String(rows[0]!.id), hash, expiresAt],
      );
      return rows[0]!.id;
    },
  };
}

async function onMysql(url: string): Promise<SessionStatements> {
  const pool = createPool(url.replace(/^mariadb:/, 'mysql:'));
  return {
    async findUser(id) {
      const [rows] = await pool.execute<RowDataPacket[]>('SELECT * FROM users WHERE id = ?', [id]);
      return rows[0] as User | undefined;
    },
    async rotate({ id, generation, hash, next, now, expiresAt }) {
      const [{ affectedRows }] = await pool.execute<ResultSetHeader>(
        'UPDATE refresh_tokens SET token_hash = ?, generation = ?, rotated_at = ?, expires_at = ?' +
          ' WHERE id = ? AND generation = ? AND token_hash = ? AND revoked_at IS NULL AND expires_at > ?',
        [next, generation + 1, now, expiresAt, id, generation, hash, now],
      );
      return affectedRows === 1;
    },
    async insert(id, username, hash, expiresAt) {
      const [{ insertId }] = await pool.execute<ResultSetHeader>(
        'INSERT INTO users (username, username_key, password_hash) VALUES (?, ?, ?)',
        [username, username, '-'],
      );
      await pool.execute(
        `INSERT INTO refresh_tokens (${COLUMNS}) VALUES (?, ?, ?, 0, 0, 0, ?, ?)`,
        [id, String(insertId), hash, expiresAt, expiresAt],
      );
      return insertId;
    },
  };
}
