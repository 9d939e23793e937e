/**
 * Sessions that ended so recently that one of their access tokens may still be valid. Bounded by the life of an access
 * token: older ones have expired by themselves. Measured in elapsed time, which no change of the clock affects.
 */
export class RevokedSessions {
  /** Session id → elapsed milliseconds after which it may be forgotten; oldest first. */
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

  /**
   * The clock was set back: access tokens live longer by that much, but never longer than a full life from now. A
   * negative number, for a clock that was set ahead, makes nothing be forgotten earlier.
   */
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
