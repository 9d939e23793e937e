/** Most sessions remembered: as many as can be in doubt after a few outages. */
const MOST = 10_000;
/** Attempts kept per session: either one of the first was committed, or one of the last. */
const FIRST_ATTEMPTS = 8;
const MOST_ATTEMPTS = 32;

interface InDoubt {
  /** When rotations were sent to the store; at most one of them was committed. */
  attempts: number[];
  /** When the client first got a response to one of them, or null. */
  respondedAt: number | null;
}

/**
 * Rotations that were sent to the store but whose result the client never got, because the store failed or was too
 * slow. It is unknown whether and when they were committed. If one was, the client still has only the predecessor,
 * however long the outage lasted, so the leeway starts with the first response.
 */
export class InDoubtRotations {
  /** By session, the latest last. Many retries of one session don't remove the entries of others. */
  readonly #sessions = new Map<string, InDoubt>();

  add(sessionId: string, attemptedAt: number): void {
    const known = this.#sessions.get(sessionId);
    const attempts = known?.respondedAt === null ? known.attempts : [];
    attempts.push(attemptedAt);
    if (attempts.length > MOST_ATTEMPTS) attempts.splice(FIRST_ATTEMPTS, 1);
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, { attempts, respondedAt: null });
    if (this.#sessions.size <= MOST) return;
    const [oldest] = this.#sessions.keys();
    this.#sessions.delete(oldest!);
  }

  /** A rotation succeeded normally, so no earlier attempt was committed. */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  /**
   * Whether the first response was given less than one leeway ago. The session must not rotate again until then,
   * although its row shows an old rotation: other tabs may still be sending the previous token.
   */
  isInLeeway(sessionId: string, now: number, leewayMs: number): boolean {
    const respondedAt = this.#sessions.get(sessionId)?.respondedAt ?? null;
    return respondedAt !== null && now < respondedAt + leewayMs;
  }

  /** The row as the verdict is to see it: rotated when the leeway of its last rotation starts. */
  judged<Row extends { id: string; rotatedAt: number }>(row: Row, now: number): Row {
    return { ...row, rotatedAt: this.leewayFrom(row.id, row.rotatedAt, now) };
  }

  /** When the leeway of a rotation starts, in milliseconds. */
  leewayFrom(sessionId: string, rotatedAt: number, now: number): number {
    const inDoubt = this.#sessions.get(sessionId);
    if (inDoubt === undefined || !inDoubt.attempts.includes(rotatedAt)) return rotatedAt;
    inDoubt.respondedAt ??= now;
    return inDoubt.respondedAt;
  }
}
