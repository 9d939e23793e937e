import { QueryFailedError, type DataSource } from 'typeorm';
import { errorCode } from './database-errors.js';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import { RefreshToken } from './refresh-token.entity.js';
import { OpenTransactionError } from './retrying-conflicts.js';
import { isMysql } from './supported-databases.js';

/** Error codes for a missing table or column. */
const MISSING = new Set([
  '42P01',
  '42703',
  '3F000',
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
  'ER_BAD_DB_ERROR',
]);

/** Error codes for a row or a statement of this module that doesn't fit the table. */
const UNFIT =
  /^(22...|23502|23514|428..|42804|55000|0A000|ER_DATA_TOO_LONG|ER_WARN_DATA_OUT_OF_RANGE|ER_TRUNCATED_WRONG_VALUE\w*|WARN_DATA_TRUNCATED|ER_NO_DEFAULT_FOR_FIELD|ER_BAD_NULL_ERROR|ER_NON_(UPDATABLE|INSERTABLE)_TABLE|ER_CANT_AGGREGATE_2COLLATIONS|ER_PARSE_ERROR|ER_CONSTRAINT_FAILED|ER_CHECK_CONSTRAINT_VIOLATED|SQLITE_CONSTRAINT_(NOTNULL|CHECK|DATATYPE)|SQLITE_MISMATCH)$/;

const DENIED = new Set([
  '42501',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'SQLITE_READONLY',
]);

/** Whether a table or a column is missing. */
function isMissing(error: unknown): boolean {
  return (
    MISSING.has(errorCode(error)) ||
    /no such (table|column)|has no column named/.test(messageOf(causeOf(error)))
  );
}

/** What an operator must change before this database error can stop, or null: it may be an outage. */
export function sentenceFor(error: unknown, dataSource: DataSource): string | null {
  const cause = causeOf(error);
  const code = errorCode(error);
  const message = messageOf(cause);
  if (isMissing(error)) {
    return `the table ${tableIn(message, dataSource)} is missing or out of date: add ...authMigrations to the migrations of the DataSource and run them.`;
  }
  if (UNFIT.test(code) || /cannot modify \w+ because it is a view/.test(message)) {
    return `a table of this module is other than authMigrations makes it (${message}): run the migrations, and leave the tables and the mode of the database as they are meant.`;
  }
  if (DENIED.has(code)) {
    return `the user of the database may not do with this module's tables what it has to (${message}): grant SELECT, INSERT, UPDATE and DELETE.`;
  }
  if (cause instanceof OpenTransactionError && isMysql(dataSource.options.type)) {
    return 'connections to the database have autocommit switched off, so that nothing that is written would last: set autocommit to 1 for them.';
  }
  return null;
}

function causeOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function tableIn(message: string, dataSource: DataSource): string {
  const [sessions, limits] = [RefreshToken, AuthRateLimit].map((entity) =>
    dataSource.hasMetadata(entity) ? dataSource.getMetadata(entity).tableName : '',
  );
  return limits !== '' && message.includes(limits!) ? limits! : sessions!;
}
