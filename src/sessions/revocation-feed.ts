import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Clock } from '../options/time-and-randomness.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import { RevokedSessions } from './revoked-sessions.js';

/**
 * How far back each poll looks again: statements that were long under way when they committed, and clocks of instances
 * that differ (beyond a minute from the database's they don't boot).
 */
const OVERLAP_MS = 60_000;

/** Polls that may fail in a row before the feed counts as stale. */
const MISSED_POLLS = 3;

/**
 * Tells the guard, without I/O, which sessions were ended on this instance or any other.
 * A session ended here is known at once, elsewhere with the next poll of the database.
 */
export class RevocationFeed implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('AuthModule');
  readonly #revoked: RevokedSessions;
  readonly #accessTokenLifeMs: number;
  #polledAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** The poll that runs, which never fails, and the one that waits for it, which serves whoever asks meanwhile. */
  #polling: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
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
  ) {
    // A token is issued up to a leeway after the rotation that is on record.
    this.#accessTokenLifeMs = settings.accessLifetimeMs + settings.leewayMs + OVERLAP_MS;
    this.#revoked = new RevokedSessions(this.#accessTokenLifeMs);
  }

  isRevoked(sessionId: string): boolean {
    return this.#revoked.has(sessionId);
  }

  /** Whether so many polls in a row failed that sessions ended elsewhere may pass for live ones. */
  isStale(): boolean {
    const { revocationPollMs } = this.settings;
    return this.clock.now() - (this.#polledAt ?? 0) > MISSED_POLLS * revocationPollMs;
  }

  /** Ended on this instance. */
  add(sessionId: string): void {
    this.#revoked.add(sessionId, this.clock.now());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.#schedule();
  }

  async onModuleDestroy(): Promise<void> {
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
    const now = this.clock.now();
    const oldest = now - this.#accessTokenLifeMs;
    const since = this.#polledAt === null ? oldest : Math.max(oldest, this.#polledAt - OVERLAP_MS);
    try {
      for (const { id } of await this.store.revokedSince(since)) this.#revoked.add(id, now);
      if (this.#isFailing) this.#logger.log('Revocations made elsewhere can be read again.');
      this.#isFailing = false;
      this.#polledAt = now;
    } catch (error) {
      if (!this.#isFailing)
        this.#logger.warn(`Revocations made elsewhere can't be read: ${String(error)}`);
      this.#isFailing = true;
    }
    this.#revoked.forgetOld(now);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    // Jitter, so that instances started together don't ask together.
    const delay = this.settings.revocationPollMs * (0.9 + Math.random() * 0.2);
    this.#timer = setTimeout(() => void this.poll().then(() => this.#schedule()), delay);
    this.#timer.unref();
  }
}
