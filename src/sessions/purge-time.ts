import { Logger } from '@nestjs/common';
import type { Clock } from '../runtime/clock.js';
import { KEEP_TIME_EVERY_MS, TRUSTED_BEYOND_MS } from '../runtime/time-bounds.js';
import { CautiousTime } from '../runtime/cautious-time.js';
import type { RefreshTokenStore } from './refresh-token-store.js';

/**
 * The time that the purge uses, which must be right even if an instance starts with a clock far ahead. The store keeps
 * the last time that an instance was sure of, and a clock much further ahead is trusted only after a day. A time in
 * doubt is not stored, so no number of restarts makes a wrong clock trusted. If the sessions' database has its own
 * clock and agrees, there is no doubt.
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
    /** Whether the database's own clock agrees; false if it has none. */
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

  /**
   * Stores the time, now and from now on, so that it protects an app that restarts often too. If the store fails now,
   * the next attempt or the first purge tries again.
   */
  async start(): Promise<void> {
    await this.#keep().catch(ignore);
    if (this.#isStopped || this.store.keepTime === undefined) return;
    this.#timer = setInterval(() => void this.#keep().catch(ignore), KEEP_TIME_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** Compares the clock with the stored time, once: before that nothing may be purged, and no time stored. */
  async #begin(): Promise<void> {
    if (this.#isBegun) return;
    const kept = (await this.store.keptTime?.()) ?? null;
    this.#isBegun = true;
    if (kept === null) return;
    this.#time.trustUpTo(kept + TRUSTED_BEYOND_MS);
    await this.#resolveDoubt();
    if (!this.#time.isInDoubt) return;
    this.#logger.warn(
      `The clock of this instance says ${new Date(this.clock.now()).toISOString()}, and the sessions were last in use on ${new Date(kept).toISOString()}: in case it is wrong, ended sessions from since then are purged once this instance has run for a day.`,
    );
    // Stored again, because a login may have written it: while there is doubt, later logins prove nothing.
    await this.store.keepTime?.(kept);
  }

  async #keep(): Promise<void> {
    await this.#begin();
    await this.#resolveDoubt();
    const now = this.#time.now();
    if (!this.#time.isInDoubt) await this.store.keepTime?.(now);
  }

  async #resolveDoubt(): Promise<void> {
    this.#time.now();
    if (this.#time.isInDoubt && (await this.isRight().catch(() => false))) this.#time.trust();
  }
}

/** An outage, which is reported elsewhere. The stored time is then slightly older. */
function ignore(): void {}
