import {
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { elapsedBy, type Clock } from '../runtime/clock.js';
import { FULL_LOOK_EVERY_MS, RECENT_MS, UNSETTLED_MS } from '../runtime/time-bounds.js';
import { ClockWatch } from '../runtime/clock-watch.js';
import { revocationMattersMs } from './lifetimes.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import { RevokedSessions } from './revoked-sessions.js';

/** Polls that may fail in a row before the feed counts as stale. */
const MISSED_POLLS = 3;

/**
 * Tells the guard, without I/O, which sessions were ended on this instance or any other.
 * A session ended here is known at once, elsewhere with the next poll of the database.
 *
 * Most polls look back a little. Every half minute, after a failure and after a jump of the clock, one reads all
 * revocations that can still matter, so that none is missed for good: neither one that was committed late, nor one that
 * was written while a clock was wrong.
 */
export class RevocationFeed
  implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  readonly #logger = new Logger('AuthModule');
  readonly #revoked: RevokedSessions;
  readonly #watch: ClockWatch;
  readonly #matterMs: number;
  /** When the last good poll looked, and the last full one; in time that has passed. */
  #lookedAt = -Infinity;
  #fullLookDueAt = -Infinity;
  #settledAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  /** The poll that runs, which never fails, and the one that waits for it, which serves whoever asks meanwhile. */
  #polling: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isDraining = false;
  #isStopped = false;
  #isFailing = false;

  constructor(
    private readonly store: RefreshTokenStore,
    private readonly clock: Clock,
    private readonly settings: {
      accessLifetimeMs: number;
      leewayMs: number;
      revocationPollMs: number;
    },
    /** Told after every good poll, when the database is sure to answer. */
    private readonly polled: () => Promise<void> = async () => {},
  ) {
    this.#matterMs = revocationMattersMs(settings);
    this.#revoked = new RevokedSessions(this.#matterMs);
    this.#watch = new ClockWatch(clock);
  }

  isRevoked(sessionId: string): boolean {
    return this.#revoked.has(sessionId);
  }

  /** Whether so many polls in a row failed that sessions ended elsewhere may pass for live ones. */
  isStale(): boolean {
    const { revocationPollMs } = this.settings;
    return elapsedBy(this.clock) - this.#lookedAt > MISSED_POLLS * revocationPollMs;
  }

  /** The app is closing. The database may be closed before the feed is: that is no outage. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Ended on this instance. */
  add(sessionId: string): void {
    this.#revoked.add(sessionId, elapsedBy(this.clock));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.#schedule();
  }

  /** Requests are served until the HTTP server is closed, and until then the feed goes on. */
  onModuleDestroy(): void {
    this.#isDraining = true;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isDraining = true;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await (this.#next ?? this.#polling);
  }

  /** Reads what was ended since the last look. A failure is logged, and made good by the next poll. */
  async poll(): Promise<void> {
    this.#next ??= this.#polling.then(() => {
      this.#next = undefined;
      this.#polling = this.#readNews();
      return this.#polling;
    });
    await this.#next;
  }

  async #readNews(): Promise<void> {
    const elapsed = elapsedBy(this.clock);
    this.#heedJump(elapsed);
    const isFull = elapsed >= this.#fullLookDueAt || elapsed < this.#settledAt;
    const backMs = isFull
      ? this.#matterMs
      : Math.min(this.#matterMs, elapsed - this.#lookedAt + RECENT_MS);
    try {
      const ended = await this.store.revokedSince(Math.floor(this.clock.now() - backMs));
      for (const { id } of ended) this.#revoked.add(id, elapsed);
      this.#lookedAt = elapsed;
      if (isFull) this.#fullLookDueAt = elapsed + FULL_LOOK_EVERY_MS;
      this.#recovered();
      await this.polled();
    } catch (error) {
      this.#fullLookDueAt = -Infinity;
      this.#failed(error);
    }
    this.#revoked.forgetOld(elapsed);
  }

  /** While the clock may be set back again any moment, each poll looks at everything. */
  #heedJump(elapsed: number): void {
    const jump = this.#watch.jump();
    if (jump === 0) return;
    this.#settledAt = elapsed + UNSETTLED_MS;
    if (jump < 0) this.#revoked.keepLonger(-jump, elapsed);
  }

  #recovered(): void {
    if (this.#isFailing) this.#logger.log('Revocations made elsewhere can be read again.');
    this.#isFailing = false;
  }

  #failed(error: unknown): void {
    if (!this.#isFailing && !this.#isDraining) {
      this.#logger.warn(`Revocations made elsewhere can't be read: ${String(error)}`);
    }
    this.#isFailing = true;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    // Jitter, so that instances started together don't ask together.
    const delay = this.settings.revocationPollMs * (0.9 + Math.random() * 0.2);
    this.#timer = setTimeout(() => void this.poll().then(() => this.#schedule()), delay);
    this.#timer.unref();
  }
}
