import { CannotExecuteNotConnectedError, QueryFailedError, type DataSource } from 'typeorm';
import { OpenTransactionError, whenFree } from './retrying-conflicts.js';
import type { Outcome, SessionDatabase } from './session-database.js';

/** What this module uses of sql.js. */
interface SqlJsConnection {
  run(sql: string): void;
  prepare(sql: string): SqlJsStatement;
  getRowsModified(): number;
}

interface SqlJsStatement {
  bind(parameters: unknown[]): void;
  step(): boolean;
  getAsObject(): Record<string, unknown>;
  free(): void;
}

interface SqlJsDriver {
  databaseConnection: SqlJsConnection;
  autoSave(): Promise<void>;
}

/**
 * sql.js keeps the database in the process's memory, and there is no second connection to it. So each statement is its
 * own transaction within one turn of the event loop, and waits while an app transaction is open.
 */
export class SqlJsDatabase implements SessionDatabase {
  constructor(private readonly dataSource: DataSource) {}

  async run(sql: string, parameters: readonly unknown[]): Promise<Outcome> {
    this.dataSource.logger.logQuery(sql, [...parameters]);
    try {
      if (!this.dataSource.isInitialized) throw new CannotExecuteNotConnectedError();
      const driver = this.dataSource.driver as unknown as SqlJsDriver;
      const outcome = await whenFree(() => inOneTurn(driver.databaseConnection, sql, parameters));
      if (!sql.startsWith('SELECT')) await driver.autoSave();
      return outcome;
    } catch (error) {
      this.dataSource.logger.logQueryError(error as Error, sql, [...parameters]);
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }

  async close(): Promise<void> {}
}

/** Whether the app has a transaction open: then no other can begin. */
export function isTransactionOpenOn(app: DataSource): boolean {
  const { databaseConnection } = app.driver as unknown as SqlJsDriver;
  try {
    begin(databaseConnection);
  } catch (error) {
    if (error instanceof OpenTransactionError) return true;
    throw error;
  }
  databaseConnection.run('COMMIT');
  return false;
}

/** How many rows were written since the database was opened, including rolled-back ones. */
export function rowsWrittenOn(app: DataSource): number {
  const { databaseConnection } = app.driver as unknown as SqlJsDriver;
  const sql = 'SELECT total_changes() AS written';
  return Number(execute(databaseConnection, sql, []).records[0]!.written);
}

function inOneTurn(
  connection: SqlJsConnection,
  sql: string,
  parameters: readonly unknown[],
): Outcome {
  begin(connection);
  try {
    const outcome = execute(connection, sql, parameters);
    connection.run('COMMIT');
    return outcome;
  } catch (error) {
    connection.run('ROLLBACK');
    throw error;
  }
}

/** sql.js doesn't report whether a transaction is open, but SQLite refuses to begin a second one. */
function begin(connection: SqlJsConnection): void {
  try {
    connection.run('BEGIN');
  } catch (error) {
    if (!/within a transaction/.test(String(error))) throw error;
    throw new OpenTransactionError('A transaction of the app is open on the only connection.');
  }
}

function execute(
  connection: SqlJsConnection,
  sql: string,
  parameters: readonly unknown[],
): Outcome {
  const statement = connection.prepare(sql);
  try {
    statement.bind([...parameters]);
    const records: Outcome['records'] = [];
    while (statement.step()) records.push(statement.getAsObject());
    return { records, affected: connection.getRowsModified() };
  } finally {
    statement.free();
  }
}
