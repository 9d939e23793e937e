import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PurgeSessions } from '../../../src/sessions/purge-sessions.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';

import { withResolvers } from '../in-memory-app.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** A table with this many sessions to delete. */
class FullTable extends MemoryRefreshTokenStore {
  readonly calls: [before: number, limit: number][] = [];
  isDown = false;
  #gate: Promise<void> | undefined;

  constructor(
    public left: number,
    /** How many of each slice another instance deletes first. */
    private readonly others = 0,
  ) {
    super();
  }

  /** Holds responses back until the test releases them. */
  hold(): () => void {
    const { promise, resolve } = withResolvers();
    this.#gate = promise;
    return resolve;
  }

  override async deleteEnded(before: number, limit: number) {
    this.calls.push([before, limit]);
    await this.#gate;
    if (this.isDown) throw new Error('connection refused');
    const found = Math.min(this.left, limit);
    this.left -= found;
    return { found, deleted: Math.max(0, found - this.others) };
  }
}

const clock = new FakeClock();
const purgerOf = (
  table: FullTable,
  settings: { purgeIntervalMs?: number | null; accessLifetimeMs?: number; leewayMs?: number } = {},
) => {
  const defaults = { purgeIntervalMs: HOUR, accessLifetimeMs: 1, leewayMs: 0 };
  return new PurgeSessions({ store: table, clock, settings: { ...defaults, ...settings } });
};

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('in the background:', () => {
  let warn: jest.SpiedFunction<Logger['warn']>;

  beforeEach(() => {
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  describe('the purge', () => {
    it.each([
      ['nothing', 0, 1],
      ['less than a slice', 499, 1],
      ['a whole slice, after which it queries once more', 500, 2],
      ['several slices', 1200, 3],
    ])('deletes %s', async (_what, rows, queries) => {
      const table = new FullTable(rows);
      expect(await purgerOf(table).purge()).toBe(rows);
      expect(table.calls).toHaveLength(queries);
      expect(table.calls.every(([, limit]) => limit === 500)).toBe(true);
    });

    it('continues where another instance was faster, and counts only its own', async () => {
      const table = new FullTable(700, 200);
      expect(await purgerOf(table).purge()).toBe(300);
    });

    it.each([
      ['a day', HOUR, 0, DAY],
      ['two lives of an access token where that is longer', 20 * HOUR, 0, 40 * HOUR],
      ['as long as the feed wants it, where that is longer', DAY, DAY, 2 * DAY + HOUR / 4 + 30_000],
    ])('keeps ended sessions for %s', async (_how, accessLifetimeMs, leewayMs, kept) => {
      const table = new FullTable(0);
      await purgerOf(table, { accessLifetimeMs, leewayMs }).purge();
      expect(table.calls).toEqual([[clock.now() - kept, 500]]);
    });

    it('trusts a clock set ahead only after a day, and one set back at once', async () => {
      const table = new FullTable(0);
      const purger = purgerOf(table);
      const start = clock.now();
      const before = async () => {
        await purger.purge();
        return table.calls.at(-1)![0] + DAY - start;
      };
      clock.jump({ days: 3650 });
      expect(await before()).toBe(0);
      clock.advance({ hours: 23 });
      expect(await before()).toBe(23 * HOUR);
      clock.jump({ days: -3650 });
      expect(await before()).toBe(23 * HOUR);
      clock.jump({ hours: -5 });
      expect(await before()).toBe(18 * HOUR);
      clock.jump({ days: 100 });
      expect(await before()).toBe(18 * HOUR);
      clock.advance({ days: 1 });
      expect(await before()).toBe(18 * HOUR + 101 * DAY);
    });
  });

  describe('the timer of the purge', () => {
    it('starts at a random time within the interval, and then runs once per interval', async () => {
      jest.useFakeTimers();
      jest.spyOn(Math, 'random').mockReturnValue(0.25);
      const table = new FullTable(0);
      purgerOf(table).onApplicationBootstrap();
      await pass(HOUR / 4 - 1);
      expect(table.calls).toHaveLength(0);
      await pass(1);
      expect(table.calls).toHaveLength(1);
      await pass(HOUR - 1);
      expect(table.calls).toHaveLength(1);
      await pass(1);
      expect(table.calls).toHaveLength(2);
      await pass(HOUR);
      expect(table.calls).toHaveLength(3);
    });

    it('continues after a failure, and logs it', async () => {
      jest.useFakeTimers();
      const table = new FullTable(0);
      table.isDown = true;
      purgerOf(table).onApplicationBootstrap();
      await pass(2 * HOUR);
      expect(table.calls).toHaveLength(2);
      expect(warn.mock.calls[0]).toEqual(['The purge failed: Error: connection refused']);
      expect(warn.mock.contexts[0]).toMatchObject({ context: 'AuthModule' });
    });

    it('does not run if the app purges by itself', () => {
      jest.useFakeTimers();
      purgerOf(new FullTable(0), { purgeIntervalMs: null }).onApplicationBootstrap();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('keeps no process alive, and stops with the app', async () => {
      const timers = jest.spyOn(globalThis, 'setTimeout');
      const cleared = jest.spyOn(globalThis, 'clearTimeout');
      const purger = purgerOf(new FullTable(0));
      purger.onApplicationBootstrap();
      const timer = timers.mock.results.at(-1)!.value as NodeJS.Timeout;
      expect(timer.hasRef()).toBe(false);
      await purger.onModuleDestroy();
      expect(cleared).toHaveBeenCalledWith(timer);
    });

    it('waits for a running purge when the app closes, which ends with its slice', async () => {
      jest.useFakeTimers();
      const table = new FullTable(2000);
      const open = table.hold();
      const purger = purgerOf(table);
      purger.onApplicationBootstrap();
      await pass(HOUR);
      let isClosed = false;
      const closing = purger.onModuleDestroy().then(() => (isClosed = true));
      await pass(1000);
      expect(isClosed).toBe(false);
      open();
      await closing;
      expect(table.left).toBe(1500);
      expect(jest.getTimerCount()).toBe(0);
    });
  });
});
