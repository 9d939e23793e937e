import { Logger } from '@nestjs/common';
import type { Clock } from '../runtime/clock.js';
import { KEEP_TIME_EVERY_MS, TRUSTED_BEYOND_MS } from '../runtime/time-bounds.js';
import { CautiousTime } from '../runtime/cautious-time.js';
import type { RefreshTokenStore } from './refresh-token-store.js';

/**
 * The time of the purge, which an instance that starts with a clock far ahead must not get wrong: the store keeps how late
 * it was when an instance last was sure, and a clock that is much further has to stand for a day first. What is in doubt
 * is not kept, so that no number of restarts makes a wrong clock right. Where the sessions' database has a clock of its
 * own that agrees, there is no doubt.
 */
export class PurgeTime {
  readonly #logger = new Logger('AuthModule');
  readonly #time: CautiousTime;
  #isBegun = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: RefreshTokenStore,
    private readonly clock: Clock,
    /** Whether the database's own clock says the same; false where it has none. */
    private readonly isRight: () => Promise<boolean> = async () => false,
  ) {
    this.#time = new CautiousTime(clock);
  }

  /** Milliseconds since the epoch. */
  async now(): Promise<number> {
    await this.#begin();
    await this.#resolveDoubt();
    return this.#time.now();
  }

  /** Keeps the time from now on. A store that fails just now is asked by the first purge. */
  async start(): Promise<void> {
    await this.#begin().catch(ignore);
    if (this.#isStopped || this.store.keepTime === undefined) return;
    this.#timer = setInterval(() => void this.#keep().catch(ignore), KEEP_TIME_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  async #begin(): Promise<void> {
    if (this.#isBegun) return;
    const kept = (await this.store.keptTime?.()) ?? null;
    this.#isBegun = true;
    if (kept === null) return;
    this.#time.believeNoFurther(kept + TRUSTED_BEYOND_MS);
    await this.#resolveDoubt();
    if (this.#time.isInDoubt) {
      this.#logger.warn(
        `The clock of this instance says ${new Date(this.clock.now()).toISOString()}, and the sessions were last in use on ${new Date(kept).toISOString()}: in case it is wrong, ended sessions from since then are purged once this instance has run for a day.`,
      );
    }
    // Kept again, because it may be what a login left: the logins from here on prove nothing while there is doubt.
    if (this.#time.isInDoubt) await this.store.keepTime?.(kept);
    else await this.#keep();
  }

  async #keep(): Promise<void> {
    await this.#resolveDoubt();
    const now = this.#time.now();
    if (!this.#time.isInDoubt) await this.store.keepTime?.(now);
  }

  async #resolveDoubt(): Promise<void> {
    this.#time.now();
    if (this.#time.isInDoubt && (await this.isRight().catch(() => false))) this.#time.believe();
  }
}

/** An outage, which others tell of. The time that is kept is a little older then. */
function ignore(): void {}
