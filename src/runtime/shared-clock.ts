import { Logger } from '@nestjs/common';
import { elapsedBy, type Clock } from './clock.js';
import { COMPARE_CLOCKS_EVERY_MS, MOST_CLOCK_ERROR_MS, SETTLED_AFTER_MS } from './time-bounds.js';
import { aheadAfterJump, type Standing } from './clock-jump.js';
import { ClockWatch } from './clock-watch.js';

/** What is less than this is taken for a slow answer, and not for another time. */
const NOISE_MS = 1000;

/**
 * The time that all instances on one database share: their own, corrected by as much as it was seen to differ from the
 * database's. Whatever sessions compare is dated by it, and so are the tokens, whose `iat` and `exp` have to fit the row:
 * other services see them no further off than the database's clock is, and that is up to half a minute at the worst.
 * Where the own clock is set, whoever asks first notices, and the shared time goes on as if it had not been.
 *
 * Not followed is a database that is further away than would have stopped the boot: then nobody can say which is wrong,
 * and time goes on as it did.
 */
export class SharedClock implements Clock {
  readonly #logger = new Logger('AuthModule');
  readonly #watch: ClockWatch;
  #aheadMs = 0;
  #compared: Standing | null = null;
  #dueAt = -Infinity;
  #jumps = 0;
  #isTooFar = false;
  #isLost = false;

  constructor(private readonly own: Clock) {
    this.#watch = new ClockWatch(own);
  }

  now(): number {
    const now = this.own.now();
    const before = { ownMs: this.#watch.ahead, aheadMs: this.#aheadMs };
    const jump = this.#watch.jump(now);
    if (jump !== 0) this.#heed(jump, before);
    return now - this.#aheadMs;
  }

  elapsed(): number {
    return this.own.elapsed?.() ?? this.own.now();
  }

  /**
   * Compares again, every now and then, and after a jump: once a clock that was set has stood for a while, and at once
   * where it is further ahead than any is set, as after a sleep. What fails is tried later.
   * @param databaseTime what the database says, in milliseconds; null where it has no clock of its own
   */
  async keepUp(databaseTime: () => Promise<number | null>): Promise<void> {
    this.now();
    const askedAt = elapsedBy(this.own);
    if (askedAt < this.#dueAt) return;
    this.#dueAt = askedAt + COMPARE_CLOCKS_EVERY_MS;
    const jumps = this.#jumps;
    const time = await databaseTime().catch(() => null);
    this.now();
    if (time === null || this.#jumps !== jumps) return;
    // Nobody knows when, between question and answer, the database looked at its clock.
    const uncertainMs = (elapsedBy(this.own) - askedAt) / 2;
    this.#compare(this.own.now() - uncertainMs - time, uncertainMs);
  }

  #heed(jump: number, before: Standing): void {
    this.#jumps += 1;
    const settledAt = elapsedBy(this.own) + (jump > MOST_CLOCK_ERROR_MS ? 0 : SETTLED_AFTER_MS);
    this.#dueAt = this.#compared === null ? Math.min(this.#dueAt, settledAt) : settledAt;
    this.#aheadMs = aheadAfterJump(jump, before, this.#compared, this.#isLost);
  }

  #compare(aheadMs: number, uncertainMs: number): void {
    const isTooFar = Math.abs(aheadMs) - uncertainMs > MOST_CLOCK_ERROR_MS;
    if (isTooFar && !this.#isTooFar) {
      this.#logger.warn(
        `The clocks of this instance and of its database are ${Math.round(Math.abs(aheadMs) / 1000)} seconds apart: synchronize them (NTP), or sessions end too early or too late. The next boot will be refused.`,
      );
    }
    this.#isTooFar = isTooFar;
    const isAsKnown = Math.abs(aheadMs - this.#aheadMs) < NOISE_MS + uncertainMs;
    this.#isLost = isTooFar && !isAsKnown;
    if (this.#isLost) return;
    if (!isAsKnown) this.#aheadMs = Math.round(aheadMs);
    this.#compared = { ownMs: this.#watch.ahead, aheadMs: this.#aheadMs };
  }
}
