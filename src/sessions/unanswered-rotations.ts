/** Sessions remembered at most: as many as can be on their way through a few outages. */
const MOST = 10_000;

/**
 * Rotations that were sent to the store and never answered to a client, because the store failed or was too slow.
 * Whether and when they were committed is not known. If one was, its predecessor is still all that the client has,
 * however long the outage lasted, so its leeway begins with the first answer.
 */
export class UnansweredRotations {
  /** `session id|time of the attempt` → when it was answered first, or null. */
  readonly #answeredAt = new Map<string, number | null>();

  add(sessionId: string, attemptedAt: number): void {
    this.#answeredAt.set(keyOf(sessionId, attemptedAt), null);
    if (this.#answeredAt.size <= MOST) return;
    const [oldest] = this.#answeredAt.keys();
    this.#answeredAt.delete(oldest!);
  }

  /** From when the leeway of a rotation counts, in milliseconds. */
  leewayFrom(sessionId: string, rotatedAt: number, now: number): number {
    const key = keyOf(sessionId, rotatedAt);
    const answeredAt = this.#answeredAt.get(key);
    if (answeredAt === undefined) return rotatedAt;
    if (answeredAt === null) this.#answeredAt.set(key, now);
    return answeredAt ?? now;
  }
}

function keyOf(sessionId: string, attemptedAt: number): string {
  return `${sessionId}|${attemptedAt}`;
}
