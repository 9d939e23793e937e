/**
 * The app's transactions on a connection that also reads and writes its users, as with SQLite. While a transaction with
 * writes is open, what is read there may still be rolled back, and so may what is written.
 */
export interface AppTransactions {
  /** Whether a transaction with writes is open now. One that has only read does not count. */
  mayUndo(): boolean;

  /** How many transactions were rolled back so far; only the difference between two results has a meaning. */
  undone(): number;
}
