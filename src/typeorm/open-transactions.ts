import type { DataSource } from 'typeorm';
import type { AppTransactions } from '../sessions/app-transactions.js';
import { isTransactionOpenOn as isOpenOnSqlJs } from './sqljs-database.js';
import { isTransactionOpenOn as isOpenOnSqlite } from './sqlite-database.js';

/** For a DataSource whose statements all go by one connection; null where each transaction has one of its own. */
export function openTransactions(dataSource: DataSource | undefined): AppTransactions | null {
  switch (dataSource?.options.type) {
    case 'better-sqlite3':
      return { isOpen: () => dataSource.isInitialized && isOpenOnSqlite(dataSource) };
    case 'sqljs':
      return { isOpen: () => dataSource.isInitialized && isOpenOnSqlJs(dataSource) };
    default:
      return null;
  }
}
