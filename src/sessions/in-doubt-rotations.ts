/** Most sessions remembered: as many as can be in doubt after a few outages. */
const MOST = 10_000;
/** Attempts kept per session: either one of the first was committed, or one of the last. */
const FIRST_ATTEMPTS = 8;
const MOST_ATTEMPTS = 32;

interface Unanswered {
  /** When rotations were sent to the store; at most one of them was committed. */
  attempts: number[];
  /** When the client first got a response to one of them, or null. */
  answeredAt: number | null;
}

/**
 * Rotations that were sent to the store but whose result the client never got, because the store failed or was too
 * slow. It is unknown whether and when they were committed. If one was, the client still has only the predecessor,
 * however long the outage lasted, so the leeway starts with the first response.
 */
export class InDoubtRotations {
  /** By session, the latest last. Many retries of one session don't remove the entries of others. */
  readonly #sessions = new Map<string, Unanswered>();

  add(sessionId: string, attemptedAt: number): void {
    const known = this.#sessions.get(sessionId);
    const attempts = known?.answeredAt === null ? known.attempts : [];
    attempts.push(attemptedAt);
    if (attempts.length > MOST_ATTEMPTS) attempts.splice(FIRST_ATTEMPTS, 1);
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, { attempts, answeredAt: null });
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
    const answeredAt = this.#sessions.get(sessionId)?.answeredAt ?? null;
    return answeredAt !== null && now < answeredAt + leewayMs;
  }

  /** When the leeway of a rotation starts, in milliseconds. */
  leewayFrom(sessionId: string, rotatedAt: number, now: number): number {
    const unanswered = this.#sessions.get(sessionId);
    if (unanswered === undefined || !unanswered.attempts.includes(rotatedAt)) return rotatedAt;
    unanswered.answeredAt ??= now;
    return unanswered.answeredAt;
  }
}
