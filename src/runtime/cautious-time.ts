import { elapsedBy, type Clock } from './clock.js';
import { BELIEVED_AFTER_MS, MOST_CLOCKS_APART_MS } from './time-bounds.js';

/**
 * The time, for what can't be undone: a clock that was set ahead is not believed before it has stood for a day, so that
 * an hour in the wrong year deletes nobody's sessions. One that was set back is believed at once, and one that was set ahead
 * by no more than instances may differ, since it may have been corrected.
 */
export class CautiousTime {
  #believed: number;
  #doubtedSince: number | null = null;

  constructor(private readonly clock: Clock) {
    this.#believed = Math.floor(clock.now()) - elapsedBy(clock);
  }

  /** What is later than this moment, the clock has to stand for first. */
  believeNoFurther(moment: number): void {
    this.#believed = Math.min(this.#believed, Math.floor(moment) - elapsedBy(this.clock));
    this.now();
  }

  /** The clock is right, as somebody else knows. */
  believe(): void {
    this.#believed = Math.floor(this.clock.now()) - elapsedBy(this.clock);
    this.#doubtedSince = null;
  }

  /** Whether the clock says that it is later than what is believed; as of the last look. */
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
      if (elapsed - this.#doubtedSince >= BELIEVED_AFTER_MS) {
        this.#believed = ahead;
        this.#doubtedSince = null;
      }
    }
    return elapsed + this.#believed;
  }
}
