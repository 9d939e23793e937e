import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Clock } from '../runtime/clock.js';
import { keepEndedMs } from './lifetimes.js';
import { PurgeTime } from './purge-time.js';
import type { RefreshTokenStore } from './refresh-token-store.js';

/** Rows deleted per statement: few enough that nothing waits long for its locks. */
const SLICE = 500;
/** Milliseconds between two statements, so that refreshes can run in between. */
const PAUSE_MS = 50;

/** What {@link PurgeSessions} works with. */
export interface PurgeSessionsParts {
  store: RefreshTokenStore;
  clock: Clock;
  settings: {
    purgeIntervalMs: number | null;
    accessLifetimeMs: number;
    leewayMs: number;
  };
  /** Whether the database's own clock agrees. Without it, there is no such clock. */
  isRight?: (() => Promise<boolean>) | undefined;
}

/** Deletes ended sessions in small slices, so that the table doesn't grow with time. */
export class PurgeSessions implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('AuthModule');
  readonly #parts: PurgeSessionsParts;
  readonly #stop = new AbortController();
  readonly #time: PurgeTime;
  #timer: NodeJS.Timeout | undefined;
  #purging: Promise<unknown> | undefined;

  constructor(parts: PurgeSessionsParts) {
    this.#parts = parts;
    this.#time = new PurgeTime(parts.store, parts.clock, parts.isRight);
  }

  /** Deletes everything that can be deleted now; returns how many sessions. */
  async purge(): Promise<number> {
    const before = (await this.#time.now()) - keepEndedMs(this.#parts.settings);
    let deleted = 0;
    while (!this.#stop.signal.aborted) {
      const slice = await this.#parts.store.deleteEnded(before, SLICE);
      deleted += slice.deleted;
      if (slice.found < SLICE) break;
      await pause(PAUSE_MS);
    }
    return deleted;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { purgeIntervalMs } = this.#parts.settings;
    // A random delay, so that instances started together don't purge at the same moment.
    if (purgeIntervalMs !== null) this.#schedule(Math.random() * purgeIntervalMs, purgeIntervalMs);
    // Before anybody logs in with a clock that may be wrong.
    await this.#time.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    this.#time.stop();
    clearTimeout(this.#timer);
    await this.#purging;
  }

  #schedule(delay: number, interval: number): void {
    this.#timer = setTimeout(() => {
      this.#purging = this.purge()
        .catch((error: unknown) => this.#logger.warn(`The purge failed: ${String(error)}`))
        .finally(() => {
          if (!this.#stop.signal.aborted) this.#schedule(interval, interval);
        });
    }, delay);
    this.#timer.unref();
  }
}
