/** What a statement returned. */
export interface Outcome {
  records: Record<string, unknown>[];
  /** How many rows it wrote. */
  affected: number;
}

/**
 * The one way by which statements of this module reach the database: always the primary, never a cache, never inside a
 * transaction of the app's, which could undo what a response already said.
 */
export interface SessionDatabase {
  /** Runs one statement, which is committed when this resolves. */
  run(sql: string, parameters: readonly unknown[]): Promise<Outcome>;
  /** Closes what it opened beside the app's own connections. The next statement opens it again. */
  close(): Promise<void>;
}
