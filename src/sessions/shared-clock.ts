import { Logger } from '@nestjs/common';
import { elapsedBy, type Clock } from '../options/time-and-randomness.js';
import {
  COMPARE_CLOCKS_EVERY_MS,
  MOST_CLOCK_ERROR_MS,
  SETTLED_AFTER_MS,
} from '../options/time-bounds.js';
import { ClockWatch } from './clock-watch.js';

/** What is less than this is taken for a slow answer, and not for another time. */
const NOISE_MS = 1000;

/**
 * The time that all instances on one database share: their own, corrected by as much as it was seen to differ from the
 * database's. Whatever sessions compare is dated by it, and so are the tokens, whose `iat` and `exp` have to fit the row:
 * other services see them no further off than the database's clock is, and that is up to half a minute at the worst.
 *
 * Not followed is a database that is further away than would have stopped the boot: then nobody can say which is wrong,
 * and time goes on as it did.
 */
export class SharedClock implements Clock {
  readonly #logger = new Logger('AuthModule');
  readonly #watch: ClockWatch;
  #aheadMs = 0;
  #dueAt = -Infinity;
  #isTooFar = false;

  constructor(private readonly own: Clock) {
    this.#watch = new ClockWatch(own);
  }

  now(): number {
    return this.own.now() - this.#aheadMs;
  }

  elapsed(): number {
    return this.own.elapsed?.() ?? this.own.now();
  }

  /**
   * Compares again, every now and then, and once a clock that was set has stood for a while. What fails is tried later.
   * @param databaseTime what the database says, in milliseconds; null where it has no clock of its own
   */
  async keepUp(databaseTime: () => Promise<number | null>): Promise<void> {
    const askedAt = elapsedBy(this.own);
    if (this.#watch.jump() !== 0) this.#dueAt = askedAt + SETTLED_AFTER_MS;
    if (askedAt < this.#dueAt) return;
    this.#dueAt = askedAt + COMPARE_CLOCKS_EVERY_MS;
    const time = await databaseTime().catch(() => null);
    if (time === null || this.#watch.jump() !== 0) return;
    // Nobody knows when, between question and answer, the database looked at its clock.
    const uncertainMs = (elapsedBy(this.own) - askedAt) / 2;
    this.#compare(this.own.now() - uncertainMs - time, uncertainMs);
  }

  #compare(aheadMs: number, uncertainMs: number): void {
    const isTooFar = Math.abs(aheadMs) - uncertainMs > MOST_CLOCK_ERROR_MS;
    if (isTooFar && !this.#isTooFar) {
      this.#logger.warn(
        `The clocks of this instance and of its database are ${Math.round(Math.abs(aheadMs) / 1000)} seconds apart: synchronize them (NTP), or sessions end too early or too late. The next boot will be refused.`,
      );
    }
    this.#isTooFar = isTooFar;
    if (isTooFar || Math.abs(aheadMs - this.#aheadMs) < NOISE_MS + uncertainMs) return;
    this.#aheadMs = Math.round(aheadMs);
  }
}
