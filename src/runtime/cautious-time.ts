import { elapsedBy, type Clock } from './clock.js';
import { TRUSTED_AFTER_MS, MOST_CLOCKS_APART_MS } from './time-bounds.js';

/**
 * The time for decisions that can't be undone. A clock that was set ahead is trusted only after a day, so that an hour
 * in the wrong year deletes nobody's sessions. A clock that was set back is trusted at once, and so is one set ahead by
 * no more than instances may differ, because that may be a correction.
 */
export class CautiousTime {
  #believed: number;
  #doubtedSince: number | null = null;

  constructor(private readonly clock: Clock) {
    this.#believed = Math.floor(clock.now()) - elapsedBy(clock);
  }

  /** A time later than this is trusted only after a day. */
  trustUpTo(moment: number): void {
    this.#believed = Math.min(this.#believed, Math.floor(moment) - elapsedBy(this.clock));
    this.now();
  }

  /** Trusts the clock now: another source confirmed it. */
  trust(): void {
    this.#believed = Math.floor(this.clock.now()) - elapsedBy(this.clock);
    this.#doubtedSince = null;
  }

  /** Whether the clock shows a later time than is trusted, as of the last call of `now`. */
  get isInDoubt(): boolean {
    return this.#doubtedSince !== null;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    const elapsed = elapsedBy(this.clock);
    const ahead = Math.floor(this.clock.now()) - elapsed;
    if (ahead <= this.#believed + MOST_CLOCKS_APART_MS) {
      this.#believed = ahead;
      this.#doubtedSince = null;
    } else {
      this.#doubtedSince ??= elapsed;
      if (elapsed - this.#doubtedSince >= TRUSTED_AFTER_MS) {
        this.#believed = ahead;
        this.#doubtedSince = null;
      }
    }
    return elapsed + this.#believed;
  }
}
