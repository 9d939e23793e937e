import type { RevocationTarget, SessionRow } from '../sessions/refresh-token-store.js';
import { isMysql } from './supported-databases.js';

const COLUMNS = [
  'id',
  'userId',
  'tokenHash',
  'generation',
  'createdAt',
  'rotatedAt',
  'expiresAt',
  'absoluteExpiresAt',
  'revokedAt',
  'revokedReason',
  'ip',
  'userAgent',
] as const satisfies readonly (keyof SessionRow)[];

const all = COLUMNS.map((column) => `{${column}}`).join(', ');
const read = COLUMNS.map((column) => `{${column} as}`).join(', ');

/** The statements for sessions, in the form that {@link StatementWriter} takes. */
export class SessionStatements {
  readonly insert = `INSERT INTO {table} (${all}) VALUES (${COLUMNS.map((column) => `:${column}`).join(', ')})`;
  readonly rotateAlways: string;
  readonly rotateAfterLeeway: string;
  readonly find: string;
  readonly listActive: string;
  readonly revokedSince = `SELECT {id as}, {revokedAt as} FROM {table} WHERE {revokedAt} >= :since`;
  /** Reads the whole table. */
  readonly latestLogin = 'SELECT MAX({createdAt}) AS moment FROM {table}';

  readonly #same: (column: string, value: string) => string;

  constructor(databaseType: string) {
    // MySQL and MariaDB treat `ada` and `ada ` as equal even if they compare bytes.
    this.#same = isMysql(databaseType)
      ? (column, value) =>
          `{${column}} = :${value} AND CHAR_LENGTH({${column}}) = CHAR_LENGTH(:${value})`
      : (column, value) => `{${column}} = :${value}`;
    /** Checks and consumes in one statement, so that of many simultaneous ones exactly one wins. */
    this.rotateAlways =
      'UPDATE {table} SET {tokenHash} = :nextTokenHash, {generation} = :nextGeneration,' +
      ' {rotatedAt} = :now, {expiresAt} = :nextExpiresAt, {ip} = :ip, {userAgent} = :userAgent' +
      ` WHERE ${this.#same('id', 'id')} AND ${this.#same('userId', 'userId')}` +
      ` AND {generation} = :generation AND ${this.#same('tokenHash', 'tokenHash')}` +
      ' AND {absoluteExpiresAt} = :absoluteExpiresAt AND {revokedAt} IS NULL AND {expiresAt} > :now';
    this.rotateAfterLeeway = `${this.rotateAlways} AND {rotatedAt} <= :rotatedAtOrBefore`;
    this.find = `SELECT ${read} FROM {table} WHERE ${this.#same('id', 'id')}`;
    this.listActive =
      `SELECT ${read} FROM {table} WHERE ${this.#same('userId', 'userId')}` +
      ' AND {revokedAt} IS NULL AND {expiresAt} > :now ORDER BY {createdAt} DESC, {id} ASC LIMIT :limit';
  }

  revoke(target: RevocationTarget): string {
    // Not GREATEST: SQLite doesn't have it.
    const moment = 'CASE WHEN {rotatedAt} > :now THEN {rotatedAt} ELSE :now END';
    return `UPDATE {table} SET {revokedAt} = ${moment}, {revokedReason} = :reason WHERE {revokedAt} IS NULL${this.#whose(target)}`;
  }

  /** Ordered by the column, so that the database uses its index and does not read the whole table. */
  endedBefore(column: 'absoluteExpiresAt' | 'revokedAt'): string {
    return `SELECT {id as} FROM {table} WHERE {${column}} < :before ORDER BY {${column}} ASC LIMIT :limit`;
  }

  /** Deletes this many sessions at once, with the ids `id0`, `id1`… */
  delete(count: number): string {
    const ids = Array.from({ length: count }, (_, i) => `:id${i}`);
    return `DELETE FROM {table} WHERE {id} IN (${ids.join(', ')})`;
  }

  #whose(target: RevocationTarget): string {
    if (target === 'everything') return '';
    const { id, userId, exceptId } = target as { id?: string; userId?: string; exceptId?: string };
    return (
      (id === undefined ? '' : ` AND ${this.#same('id', 'id')}`) +
      (userId === undefined ? '' : ` AND ${this.#same('userId', 'userId')}`) +
      (exceptId === undefined ? '' : ` AND NOT (${this.#same('id', 'exceptId')})`)
    );
  }
}
