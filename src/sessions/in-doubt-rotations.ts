/** Sessions remembered at most: as many as can be on their way through a few outages. */
const MOST = 10_000;
/** Attempts of one session: one of the first was committed, or one of the last. */
const FIRST_ATTEMPTS = 8;
const MOST_ATTEMPTS = 32;

interface Unanswered {
  /** When rotations were sent to the store; at most one of them was committed. */
  attempts: number[];
  /** When one of them was answered first, or null. */
  answeredAt: number | null;
}

/**
 * Rotations that were sent to the store and never answered to a client, because the store failed or was too slow.
 * Whether and when they were committed is not known. If one was, its predecessor is still all that the client has,
 * however long the outage lasted, so its leeway begins with the first answer.
 */
export class InDoubtRotations {
  /** By session, the latest last: nobody's retries push out what is known of others. */
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

  /** A rotation was answered as it should be: whatever was tried before it was not committed. */
  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  /**
   * Whether such an answer was given less than a leeway ago. The session must not rotate again until then, although the
   * row says that its rotation was long ago: other tabs may still be on their way with the token before.
   */
  isInLeeway(sessionId: string, now: number, leewayMs: number): boolean {
    const answeredAt = this.#sessions.get(sessionId)?.answeredAt ?? null;
    return answeredAt !== null && now < answeredAt + leewayMs;
  }

  /** From when the leeway of a rotation counts, in milliseconds. */
  leewayFrom(sessionId: string, rotatedAt: number, now: number): number {
    const unanswered = this.#sessions.get(sessionId);
    if (unanswered === undefined || !unanswered.attempts.includes(rotatedAt)) return rotatedAt;
    unanswered.answeredAt ??= now;
    return unanswered.answeredAt;
  }
}
