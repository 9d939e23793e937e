import { CannotExecuteNotConnectedError, DataSource, QueryFailedError } from 'typeorm';
import { COURTESY_MS } from '../runtime/time-bounds.js';
import { OpenTransactionError, whenFree } from './retrying-conflicts.js';
import type { Outcome, SessionDatabase } from './session-database.js';

/** What this module uses of better-sqlite3. */
export interface SqliteConnection {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  pragma(text: string): Record<string, unknown>[];
  transaction<T>(work: () => T): (() => T) & { immediate: () => T };
}

interface SqliteStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(...parameters: unknown[]): Record<string, unknown>[];
  run(...parameters: unknown[]): { changes: number };
}

interface OwnConnection {
  /** The app's connection at the time: a different one after the app's DataSource was opened again. */
  beside: SqliteConnection;
  connection: SqliteConnection;
  statements: Map<string, SqliteStatement>;
  /** Null if the app's connection is used: an in-memory database has no other. */
  dataSource: DataSource | null;
}

/**
 * A SQLite file, with a connection of this module's own. The app uses a single connection, so an app transaction would
 * include what is written meanwhile, and its rollback would undo it.
 */
export class SqliteDatabase implements SessionDatabase {
  #own: OwnConnection | null = null;
  #opening: Promise<OwnConnection> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  async run(sql: string, parameters: readonly unknown[]): Promise<Outcome> {
    const { logger, options } = this.dataSource;
    logger.logQuery(sql, [...parameters]);
    const begin = performance.now();
    try {
      const outcome = await whenFree((waitedMs) => this.#try(sql, parameters, waitedMs));
      const took = performance.now() - begin;
      if (took > (options.maxQueryExecutionTime || Infinity)) {
        logger.logQuerySlow(took, sql, [...parameters]);
      }
      return outcome;
    } catch (error) {
      logger.logQueryError(error as Error, sql, [...parameters]);
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }

  /**
   * The open connection, for callers that can't wait.
   * @throws {Error} if it isn't open, or a transaction is
   */
  connectionNow(): SqliteConnection {
    if (this.#own === null || this.#own.beside !== this.#appConnection()) {
      throw new Error('The connection to the SQLite file is not open.');
    }
    const { connection, beside } = this.#own;
    if (connection.inTransaction || beside.inTransaction) throw appTransaction();
    return connection;
  }

  /** Whether nobody has begun to write to the file; only a second connection can find out. */
  isUnwritten(): boolean {
    const own = this.#own;
    if (own === null || own.connection === own.beside || own.beside !== this.#appConnection()) {
      return false;
    }
    if (own.connection.inTransaction) return false;
    try {
      own.connection.transaction(() => {}).immediate();
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    const own = this.#own;
    this.#own = null;
    await own?.dataSource?.destroy();
  }

  async #try(sql: string, parameters: readonly unknown[], waitedMs: number): Promise<Outcome> {
    const own = await this.#opened();
    // Everything from here runs in one turn of the event loop: no transaction can begin in between.
    const { connection, beside, statements } = own;
    if (connection.inTransaction) throw appTransaction();
    if (beside.inTransaction && waitedMs < COURTESY_MS && !sql.startsWith('SELECT')) {
      throw appTransaction();
    }
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      if (statements.size < MOST_STATEMENTS) statements.set(sql, statement);
    }
    if (statement.reader) return { records: [...statement.all(...parameters)], affected: 0 };
    return { records: [], affected: statement.run(...parameters).changes };
  }

  async #opened(): Promise<OwnConnection> {
    const beside = this.#appConnection();
    if (this.#own?.beside === beside) return this.#own;
    await this.close();
    this.#opening ??= open(this.dataSource, beside).finally(() => {
      this.#opening = null;
    });
    return (this.#own = await this.#opening);
  }

  #appConnection(): SqliteConnection {
    if (!this.dataSource.isInitialized) {
      throw new CannotExecuteNotConnectedError();
    }
    return connectionOf(this.dataSource);
  }
}

/** Far more than this module uses; only the purge has one statement per number of deleted sessions. */
const MOST_STATEMENTS = 100;

async function open(app: DataSource, beside: SqliteConnection): Promise<OwnConnection> {
  const statements = new Map<string, SqliteStatement>();
  const file = fileOf(beside);
  if (file === null) return { beside, connection: beside, statements, dataSource: null };
  const dataSource = await new DataSource({
    // Opens it as the app does: same key, binding, preparations and journal mode.
    ...(app.options as Extract<DataSource['options'], { type: 'better-sqlite3' }>),
    database: file,
    fileMustExist: true,
    // No waiting inside SQLite: it would block the process.
    timeout: 0,
    entities: [],
    migrations: [],
    subscribers: [],
    synchronize: false,
    migrationsRun: false,
    dropSchema: false,
    logging: false,
    cache: false,
  }).initialize();
  const connection = connectionOf(dataSource);
  connection.pragma('busy_timeout = 0');
  return { beside, connection, statements, dataSource };
}

/** The file for a second connection, or null. */
function fileOf(connection: SqliteConnection): string | null {
  const [locking] = connection.pragma('locking_mode');
  if (locking?.locking_mode === 'exclusive') return null;
  const main = connection.pragma('database_list').find(({ name }) => name === 'main');
  return (main?.file as string) || null;
}

/** Whether the app has a transaction open on its connection. */
export function isTransactionOpenOn(app: DataSource): boolean {
  return connectionOf(app).inTransaction;
}

/** How many rows were written on the app's connection since it was opened, including rolled-back ones. */
export function rowsWrittenOn(app: DataSource): number {
  const [row] = connectionOf(app).prepare('SELECT total_changes() AS written').all();
  return Number(row!.written);
}

function connectionOf({ driver }: DataSource): SqliteConnection {
  return (driver as unknown as { databaseConnection: SqliteConnection }).databaseConnection;
}

function appTransaction(): OpenTransactionError {
  return new OpenTransactionError(
    'A transaction of the app is open on the connection to SQLite: nothing written meanwhile would be sure to last.',
  );
}
