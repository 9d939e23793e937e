import { Logger } from '@nestjs/common';
import { beforeEach, afterEach, describe, expect, it, jest } from '@jest/globals';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';
import { PurgeTime } from '../../../src/sessions/purge-time.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

describe('the time of the purge', () => {
  const clock = new FakeClock();
  let store: MemoryRefreshTokenStore;
  let time: PurgeTime;

  beforeEach(() => {
    jest.useFakeTimers();
    store = new MemoryRefreshTokenStore();
    time = new PurgeTime(store, clock);
  });
  afterEach(() => {
    time.stop();
    jest.useRealTimers();
  });

  /** How far the clock is ahead of the trusted time. */
  const doubted = async () => clock.now() - (await time.now());

  const longAgo = () => clock.now() - 100 * DAY;

  async function pass(hours: number) {
    for (let hour = 0; hour < hours; hour += 1) {
      clock.advance({ hours: 1 });
      await jest.advanceTimersByTimeAsync(HOUR);
    }
  }

  it('is the clock’s if none is stored, and stored at once and from then on', async () => {
    await time.start();
    expect(await store.keptTime()).toBe(clock.now());
    expect(await doubted()).toBe(0);
    await pass(1);
    expect(await store.keptTime()).toBe(clock.now());
  });

  it.each([0, 1, DAY])('is the clock’s at once, %d ms after it was last stored', async (ms) => {
    await store.keepTime(clock.now() - ms);
    await time.start();
    expect(await doubted()).toBe(0);
    expect(await store.keptTime()).toBe(clock.now());
  });

  it('is at most a day, less the allowed difference, after the last stored time, until a later clock has lasted a day', async () => {
    const kept = clock.now() - 100 * DAY - 58_000;
    await store.keepTime(kept);
    await time.start();
    expect(await doubted()).toBe(99 * DAY + 2 * 58_000);
    await pass(23);
    expect(await doubted()).toBe(99 * DAY + 2 * 58_000);
    expect(await store.keptTime()).toBe(kept);
    await pass(1);
    expect(await doubted()).toBe(0);
    expect(await store.keptTime()).toBe(clock.now());
  });

  it('is the clock’s at once if that was corrected by the allowed difference', async () => {
    await store.keepTime(clock.now());
    await time.start();
    clock.jump({ seconds: 58 });
    expect(await doubted()).toBe(0);
    await pass(1);
    expect(await store.keptTime()).toBe(clock.now());
    clock.jump({ seconds: 59 });
    expect(await doubted()).toBe(59_000);
  });

  it('is requested again after an outage, and never guessed', async () => {
    await store.keepTime(clock.now() - 100 * DAY - 58_000);
    const down = jest.spyOn(store, 'keptTime').mockRejectedValue(new Error('connection refused'));
    await time.start();
    await expect(time.now()).rejects.toThrow('connection refused');
    down.mockRestore();
    expect(await doubted()).toBe(99 * DAY + 2 * 58_000);
  });

  it('protects an app that never ran for an hour from a clock a hundred days ahead', async () => {
    await time.start();
    time.stop();
    clock.advance({ minutes: 10 });
    clock.jump({ days: 100 });
    time = new PurgeTime(store, clock);
    await time.start();
    expect(await doubted()).toBeGreaterThan(98 * DAY);
    clock.jump({ days: -100 });
  });

  it('is not stored by an instance that has not read the stored one', async () => {
    const kept = longAgo();
    await store.keepTime(kept);
    const down = jest.spyOn(store, 'keptTime').mockRejectedValue(new Error('connection refused'));
    await time.start();
    await pass(2);
    down.mockRestore();
    expect(await store.keptTime()).toBe(kept);
    await pass(1);
    expect(await store.keptTime()).toBe(kept);
    expect(await doubted()).toBeGreaterThan(98 * DAY);
  });

  it('is earlier at once if the clock was set back, and that is stored', async () => {
    await store.keepTime(clock.now());
    await time.start();
    clock.jump({ days: -3 });
    expect(await doubted()).toBe(0);
    await pass(1);
    expect(await store.keptTime()).toBe(clock.now());
  });

  it('is the clock’s if a store can keep none', async () => {
    time = new PurgeTime({} as RefreshTokenStore, clock);
    await time.start();
    expect(await doubted()).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is in doubt also if a store can read the time and not keep it', async () => {
    const onlyReads = { keptTime: async () => longAgo() } as object as RefreshTokenStore;
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    time = new PurgeTime(onlyReads, clock);
    expect(await doubted()).toBeGreaterThan(98 * DAY);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('is stored no more by an app that closes while it starts', async () => {
    const starting = time.start();
    time.stop();
    await starting;
    expect(jest.getTimerCount()).toBe(0);
  });

  describe('in doubt because it is long after the stored time', () => {
    let warned: unknown[];

    beforeEach(async () => {
      warned = [];
      jest.spyOn(Logger.prototype, 'warn').mockImplementation(function warn(this: Logger, text) {
        warned.push(`${(this as unknown as { context: string }).context}: ${String(text)}`);
      });
      await store.keepTime(longAgo());
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('is the clock’s all the same if the database’s clock agrees, and stored', async () => {
      time = new PurgeTime(store, clock, async () => true);
      await time.start();
      expect(await store.keptTime()).toBe(clock.now());
      expect(await doubted()).toBe(0);
      expect(warned).toEqual([]);
    });

    it.each([
      ['has none', async () => false],
      ['does not answer', async () => Promise.reject(new Error('connection refused'))],
    ])('waits if the database %s, and logs that once', async (_what, isRight) => {
      time = new PurgeTime(store, clock, isRight);
      await time.start();
      expect(await doubted()).toBeGreaterThan(98 * DAY);
      expect(await store.keptTime()).toBe(longAgo());
      expect(warned).toEqual([
        expect.stringMatching(
          /^AuthModule: .* says 2\d{3}-.*Z, and the sessions were last in use on 2\d{3}-/,
        ),
      ]);
    });

    it('is trusted as soon as the database agrees', async () => {
      let agrees = false;
      time = new PurgeTime(store, clock, async () => agrees);
      await time.start();
      expect(await doubted()).toBeGreaterThan(98 * DAY);
      agrees = true;
      expect(await doubted()).toBe(0);
      await pass(1);
      expect(await store.keptTime()).toBe(clock.now());
    });
  });
});
