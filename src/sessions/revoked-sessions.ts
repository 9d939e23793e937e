/**
 * The sessions that were ended so recently that an access token of theirs may still be alive.
 * Bounded by an access token's life: what is older has expired by itself. Counted in time that has passed, which no
 * setting of the clock changes.
 */
export class RevokedSessions {
  /** Session id → when it may be forgotten, in milliseconds that have passed; oldest first. */
  readonly #forgetAt = new Map<string, number>();

  constructor(private readonly keepForMs: number) {}

  has(sessionId: string): boolean {
    return this.#forgetAt.has(sessionId);
  }

  add(sessionId: string, elapsed: number): void {
    if (!this.#forgetAt.has(sessionId)) this.#forgetAt.set(sessionId, elapsed + this.keepForMs);
  }

  forgetOld(elapsed: number): void {
    for (const [sessionId, forgetAt] of this.#forgetAt) {
      if (forgetAt > elapsed) return;
      this.#forgetAt.delete(sessionId);
    }
  }

  /** The clock was set back: access tokens live so much longer by it, though never longer than from now on. */
  keepLonger(byMs: number, elapsed: number): void {
    const latest = elapsed + this.keepForMs;
    for (const [sessionId, forgetAt] of this.#forgetAt) {
      this.#forgetAt.set(sessionId, Math.max(forgetAt, Math.min(forgetAt + byMs, latest)));
    }
  }

  get size(): number {
    return this.#forgetAt.size;
  }
}
