/** The result of a statement. */
export interface Outcome {
  records: Record<string, unknown>[];
  /** How many rows it wrote. */
  affected: number;
}

/**
 * The only way by which this module's statements reach the database: always the primary, never a cache, never inside an
 * app transaction, whose rollback could undo what a response has already confirmed.
 */
export interface SessionDatabase {
  /** Runs one statement, which is committed when this resolves. */
  run(sql: string, parameters: readonly unknown[]): Promise<Outcome>;
  /** Closes what it opened beside the app's own connections. The next statement opens it again. */
  close(): Promise<void>;
}
