/**
 * The sessions that were ended so recently that an access token of theirs may still be alive.
 * Bounded by an access token's life: what is older has expired by itself.
 */
export class RevokedSessions {
  /** Session id → when it may be forgotten, in milliseconds; oldest first. */
  readonly #forgetAt = new Map<string, number>();

  constructor(private readonly keepForMs: number) {}

  has(sessionId: string): boolean {
    return this.#forgetAt.has(sessionId);
  }

  add(sessionId: string, now: number): void {
    if (!this.#forgetAt.has(sessionId)) this.#forgetAt.set(sessionId, now + this.keepForMs);
  }

  forgetOld(now: number): void {
    for (const [sessionId, forgetAt] of this.#forgetAt) {
      if (forgetAt > now) return;
      this.#forgetAt.delete(sessionId);
    }
  }

  get size(): number {
    return this.#forgetAt.size;
  }
}
