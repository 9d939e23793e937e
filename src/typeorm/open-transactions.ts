import type { DataSource, EntitySubscriberInterface } from 'typeorm';
import type { AppTransactions } from '../users/app-transactions.js';
import { sessionDatabase } from './open-session-database.js';
import * as sqlJs from './sqljs-database.js';
import * as sqlite from './sqlite-database.js';

/** What a kind of SQLite says of the app's connection. */
interface Connection {
  isTransactionOpenOn(app: DataSource): boolean;
  rowsWrittenOn(app: DataSource): number;
}

/** For a DataSource whose statements all go by one connection; null where each transaction has one of its own. */
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
 * Tells a transaction that has written from one that has only read, by the rows that were written since there was none.
 * One that the app began with TypeORM is noticed before it begins, any other when somebody asks; beside a file there
 * also is the lock, which whoever writes must hold.
 */
class OpenTransactions implements AppTransactions {
  /** When no transaction was open; null where that isn't known. */
  #writtenOutside: number | null = null;
  #undone = 0;
  readonly #subscriber: EntitySubscriberInterface = {
    beforeTransactionStart: () => void this.#isOpen(),
    // Both: whoever asks in between finds it open or undone.
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

  /** Those that TypeORM ended. */
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

  /** Again after the DataSource was opened anew, which forgets whom it has to tell. */
  #subscribe(): void {
    const { subscribers } = this.dataSource;
    if (!subscribers.includes(this.#subscriber)) subscribers.push(this.#subscriber);
  }
}
