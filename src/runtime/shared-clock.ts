import { Logger } from '@nestjs/common';
import { elapsedBy, type Clock } from './clock.js';
import { COMPARE_CLOCKS_EVERY_MS, MOST_CLOCK_ERROR_MS, SETTLED_AFTER_MS } from './time-bounds.js';
import { aheadAfterJump, type ClockState } from './clock-jump.js';
import { ClockWatch } from './clock-watch.js';

/** A smaller difference is taken for a slow response, not for a different time. */
const NOISE_MS = 1000;

/**
 * The time that all instances on one database share: the instance's own clock, corrected by its measured difference
 * from the database's. All session times use it, and so do the tokens, whose `iat` and `exp` have to match the row: for
 * other services they are off by no more than the database's clock is, at worst half a minute. If the instance's own
 * clock is set, the next reader notices, and the shared time continues as if it had not been.
 *
 * A database whose clock is too far off to pass the boot check is not followed: it is then unknown which clock is
 * wrong, and time continues as before.
 */
export class SharedClock implements Clock {
  readonly #logger = new Logger('AuthModule');
  readonly #watch: ClockWatch;
  #aheadMs = 0;
  #compared: ClockState | null = null;
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
    return elapsedBy(this.own);
  }

  /**
   * Compares the clocks again from time to time, and after a jump: once the new time has lasted for a while, or at once
   * if the jump is larger than anybody sets a clock, as after a sleep. A failed comparison is repeated later.
   * @param databaseTime the database's time in milliseconds; null if it has no clock of its own
   */
  async keepUp(databaseTime: () => Promise<number | null>): Promise<void> {
    this.now();
    const requestedAt = elapsedBy(this.own);
    if (requestedAt < this.#dueAt) return;
    this.#dueAt = requestedAt + COMPARE_CLOCKS_EVERY_MS;
    const jumps = this.#jumps;
    const time = await databaseTime().catch(() => null);
    this.now();
    if (time === null || this.#jumps !== jumps) return;
    // The database read its clock at an unknown moment between the request and the response.
    const uncertainMs = (elapsedBy(this.own) - requestedAt) / 2;
    this.#compare(this.own.now() - uncertainMs - time, uncertainMs);
  }

  #heed(jump: number, before: ClockState): void {
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
