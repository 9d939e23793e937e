/**
 * How long everything else in this process had to wait, at most.
 * Not by `monitorEventLoopDelay`: after a reset it leaves out the first interval, which is the one that matters here.
 */
export class StallWatch {
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);
  #last = performance.now();
  #longestMs = 0;

  reset(): void {
    this.#last = performance.now();
    this.#longestMs = 0;
  }

  /** Milliseconds, since the last reset. To be asked after a pause in which the timer had its turn. */
  get longestMs(): number {
    return this.#longestMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#last - TICK_MS);
    this.#last = now;
  }
}

const TICK_MS = 5;
