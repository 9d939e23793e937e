import type { DataSource, EntitySubscriberInterface } from 'typeorm';
import type { AppTransactions } from '../users/app-transactions.js';
import { sessionDatabase } from './open-session-database.js';
import * as sqlJs from './sqljs-database.js';
import * as sqlite from './sqlite-database.js';

/** What a kind of SQLite reports about the app's connection. */
interface Connection {
  isTransactionOpenOn(app: DataSource): boolean;
  rowsWrittenOn(app: DataSource): number;
}

/** For a DataSource with a single connection; null if each transaction has its own connection. */
export function openTransactions(dataSource: DataSource | undefined): AppTransactions | null {
  switch (dataSource?.options.type) {
    case 'better-sqlite3':
      return new OpenTransactions(dataSource, sqlite);
    case 'sqljs':
      return new OpenTransactions(dataSource, sqlJs);
    default:
      return null;
  }
}

/**
 * Distinguishes transactions that have written from those that have only read, by counting the rows written since there
 * was no transaction. A transaction that the app begins with TypeORM is noticed before it begins, any other at the next
 * query; for a file there is also the lock, which every writer must hold.
 */
class OpenTransactions implements AppTransactions {
  /** The number of rows written when no transaction was open; null if unknown. */
  #writtenOutside: number | null = null;
  #undone = 0;
  readonly #subscriber: EntitySubscriberInterface = {
    beforeTransactionStart: () => void this.#isOpen(),
    // Both, so that a query in between finds the transaction either open or rolled back.
    beforeTransactionRollback: () => void (this.#undone += 1),
    afterTransactionRollback: () => void (this.#undone += 1),
  };

  constructor(
    private readonly dataSource: DataSource,
    private readonly connection: Connection,
  ) {}

  mayUndo(): boolean {
    if (!this.dataSource.isInitialized) return false;
    this.#subscribe();
    return this.#isOpen() && !this.#hasOnlyRead();
  }

  /** Only transactions that TypeORM ended. */
  undone(): number {
    return this.#undone;
  }

  #isOpen(): boolean {
    const { connection, dataSource } = this;
    if (connection.isTransactionOpenOn(dataSource)) return true;
    this.#writtenOutside = connection.rowsWrittenOn(dataSource);
    return false;
  }

  #hasOnlyRead(): boolean {
    const { connection, dataSource } = this;
    if (connection.rowsWrittenOn(dataSource) === this.#writtenOutside) return true;
    const database = sessionDatabase(dataSource);
    return database instanceof sqlite.SqliteDatabase && database.isUnwritten();
  }

  /** Repeated after the DataSource was opened again, because that drops its subscribers. */
  #subscribe(): void {
    const { subscribers } = this.dataSource;
    if (!subscribers.includes(this.#subscriber)) subscribers.push(this.#subscriber);
  }
}
