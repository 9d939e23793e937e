/**
 * Transactions of the app's on the one connection by which its users are read and written too, as with SQLite: while one
 * that has written is open, what is read there may be undone, and so may what is written.
 */
export interface AppTransactions {
  /** Whether one is open at this moment that has something to undo: not one that has only read. */
  mayUndo(): boolean;

  /** How many of them were undone so far; only the difference of two answers says something. */
  undone(): number;
}
