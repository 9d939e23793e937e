import {
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { elapsedBy, type Clock } from '../runtime/clock.js';
import { FULL_POLL_EVERY_MS, RECENT_MS, UNSETTLED_MS } from '../runtime/time-bounds.js';
import { ClockWatch } from '../runtime/clock-watch.js';
import { revocationMattersMs } from './lifetimes.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import { RevokedSessions } from './revoked-sessions.js';

/** Polls that may fail in a row before the feed counts as stale. */
const MISSED_POLLS = 3;

/** What {@link RevocationFeed} works with. */
export interface RevocationFeedParts {
  store: RefreshTokenStore;
  clock: Clock;
  settings: {
    accessLifetimeMs: number;
    leewayMs: number;
    revocationPollMs: number;
  };
  /** Called after every successful poll, when the database is known to respond. */
  polled?: (() => Promise<void>) | undefined;
}

/**
 * Lets the guard know, without I/O, which sessions were ended on any instance. A session ended on this instance is
 * known at once; one ended elsewhere, with the next poll of the database.
 *
 * Most polls read back a short time. Every half minute, after a failure and after a jump of the clock, a poll reads
 * every revocation that can still matter. So none is missed for good: neither one committed late, nor one written while
 * a clock was wrong.
 */
export class RevocationFeed
  implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown
{
  readonly #logger = new Logger('AuthModule');
  readonly #parts: RevocationFeedParts;
  readonly #revoked: RevokedSessions;
  readonly #watch: ClockWatch;
  readonly #matterMs: number;
  /** When the last successful poll ran, and when the next full one is due; in elapsed time. */
  #polledAt = -Infinity;
  #fullPollDueAt = -Infinity;
  #settledAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  /** `#polling`: the running poll, which never rejects. `#next`: one queued poll, shared by all later callers. */
  #polling: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isDraining = false;
  #isStopped = false;
  #isFailing = false;

  constructor(parts: RevocationFeedParts) {
    this.#parts = parts;
    this.#matterMs = revocationMattersMs(parts.settings);
    this.#revoked = new RevokedSessions(this.#matterMs);
    this.#watch = new ClockWatch(parts.clock);
  }

  isRevoked(sessionId: string): boolean {
    return this.#revoked.has(sessionId);
  }

  /** Whether so many polls failed in a row that sessions ended elsewhere may count as live here. */
  isStale(): boolean {
    const { revocationPollMs } = this.#parts.settings;
    return elapsedBy(this.#parts.clock) - this.#polledAt > MISSED_POLLS * revocationPollMs;
  }

  /** The app is closing. The database may close before the feed does: that is no outage. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Adds a session ended on this instance. */
  add(sessionId: string): void {
    this.#revoked.add(sessionId, elapsedBy(this.#parts.clock));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.#schedule();
  }

  /** Requests are served until the HTTP server is closed, so the feed runs until then. */
  onModuleDestroy(): void {
    this.#isDraining = true;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isDraining = true;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await (this.#next ?? this.#polling);
  }

  /** Reads which sessions ended since the last poll. A failure is logged; the next poll catches up. */
  async poll(): Promise<void> {
    this.#next ??= this.#polling.then(() => {
      this.#next = undefined;
      this.#polling = this.#readNews();
      return this.#polling;
    });
    await this.#next;
  }

  async #readNews(): Promise<void> {
    const elapsed = elapsedBy(this.#parts.clock);
    this.#considerJump(elapsed);
    const isFull = elapsed >= this.#fullPollDueAt || elapsed < this.#settledAt;
    const backMs = isFull
      ? this.#matterMs
      : Math.min(this.#matterMs, elapsed - this.#polledAt + RECENT_MS);
    try {
      const ended = await this.#parts.store.revokedSince(
        Math.floor(this.#parts.clock.now() - backMs),
      );
      for (const { id } of ended) this.#revoked.add(id, elapsed);
      this.#polledAt = elapsed;
      if (isFull) this.#fullPollDueAt = elapsed + FULL_POLL_EVERY_MS;
      this.#recovered();
      await this.#parts.polled?.();
    } catch (error) {
      this.#fullPollDueAt = -Infinity;
      this.#failed(error);
    }
    this.#revoked.forgetOld(elapsed);
  }

  /** While the clock may be set back again at any moment, each poll reads everything. */
  #considerJump(elapsed: number): void {
    const jump = this.#watch.jump();
    if (jump === 0) return;
    this.#settledAt = elapsed + UNSETTLED_MS;
    this.#revoked.keepLonger(-jump, elapsed);
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
    // Random jitter, so that instances started together don't poll at the same moment.
    const delay = this.#parts.settings.revocationPollMs * (0.9 + Math.random() * 0.2);
    this.#timer = setTimeout(() => void this.poll().then(() => this.#schedule()), delay);
    this.#timer.unref();
  }
}
