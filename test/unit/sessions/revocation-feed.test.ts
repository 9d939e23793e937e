import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RevocationFeed } from '../../../src/sessions/revocation-feed.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { OtherInstances } from './other-instances.js';

const MINUTE = 60_000;
const ACCESS_LIFE = 15 * MINUTE;
const LEEWAY = 30_000;
const POLL = 10_000;
/** An access token's life, the leeway, and the quarter of an hour by which clocks and commits may be late. */
const MATTERS_FOR = ACCESS_LIFE + LEEWAY + 15 * MINUTE;
/** Two instances, one 29 seconds ahead of the database and one behind, and the longest statement. */
const RECENT = 62_000;

/** Waits until everything has happened that needs only promises. */
const settle = async () => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

describe('the revocation feed:', () => {
  let clock: FakeClock;
  let others: OtherInstances;
  let feed: RevocationFeed;
  let warn: jest.SpiedFunction<Logger['warn']>;
  let log: jest.SpiedFunction<Logger['log']>;

  beforeEach(() => {
    clock = new FakeClock();
    others = new OtherInstances();
    const settings = { accessLifetimeMs: ACCESS_LIFE, leewayMs: LEEWAY, revocationPollMs: POLL };
    feed = new RevocationFeed({ store: others, clock, settings });
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
  });

  afterEach(async () => {
    jest.useRealTimers();
    await feed.onApplicationShutdown();
    jest.restoreAllMocks();
  });

  describe('a session is known to have ended', () => {
    it('at once, if it ended here, and no other with it', () => {
      feed.add('here');
      expect(['here', 'there'].map((id) => feed.isRevoked(id))).toEqual([true, false]);
    });

    it('with the next poll, if it ended elsewhere', async () => {
      await feed.poll();
      others.ended = ['there'];
      expect(feed.isRevoked('there')).toBe(false);
      await feed.poll();
      expect(feed.isRevoked('there')).toBe(true);
    });

    it('as long as its access tokens may live, and is then forgotten', async () => {
      feed.add('here');
      clock.advance({ ms: MATTERS_FOR - 1 });
      await feed.poll();
      expect(feed.isRevoked('here')).toBe(true);
      clock.advance({ ms: 1 });
      await feed.poll();
      expect(feed.isRevoked('here')).toBe(false);
    });

    it('even if a poll fails, and is forgotten on time all the same', async () => {
      feed.add('here');
      others.isDown = true;
      await feed.poll();
      expect(feed.isRevoked('here')).toBe(true);
      clock.advance({ ms: MATTERS_FOR });
      await feed.poll();
      expect(feed.isRevoked('here')).toBe(false);
    });
  });

  describe('the database is queried', () => {
    it('first for all whose access tokens may live, then for new ones and late ones', async () => {
      const start = clock.now();
      await feed.poll();
      clock.advance({ ms: POLL });
      await feed.poll();
      expect(others.requestedSince).toEqual([start - MATTERS_FOR, start - RECENT]);
    });

    it('in whole milliseconds, although a real clock measures fractions of them', async () => {
      const fine = {
        now: () => clock.now(),
        elapsed: () => clock.elapsed() + 0.4 + 0.3 * others.requestedSince.length,
      };
      const settings = { accessLifetimeMs: ACCESS_LIFE, leewayMs: LEEWAY, revocationPollMs: POLL };
      const ofFine = new RevocationFeed({ store: others, clock: fine, settings });
      for (let i = 0; i < 3; i += 1) {
        await ofFine.poll();
        clock.advance({ ms: POLL });
      }
      await ofFine.onApplicationShutdown();
      expect(others.requestedSince.map((since) => Number.isInteger(since))).toEqual([
        true,
        true,
        true,
      ]);
    });

    it('every half minute for all that matters: a revocation may be committed late', async () => {
      const spans = [];
      for (let i = 0; i < 7; i += 1) {
        await feed.poll();
        spans.push(clock.now() - others.requestedSince.at(-1)!);
        clock.advance({ ms: POLL });
      }
      const short = POLL + RECENT;
      expect(spans).toEqual([MATTERS_FOR, short, short, MATTERS_FOR, short, short, MATTERS_FOR]);
    });

    it('after a failure for all that matters, however short it was', async () => {
      await feed.poll();
      others.isDown = true;
      for (const minutes of [0, 5, 300]) {
        clock.advance({ minutes, ms: 1 });
        await feed.poll();
      }
      others.isDown = false;
      clock.advance({ seconds: 1 });
      await feed.poll();
      expect(others.requestedSince.at(-1)).toBe(clock.now() - MATTERS_FOR);
      clock.advance({ seconds: 1 });
      await feed.poll();
      expect(others.requestedSince.at(-1)).toBe(clock.now() - 1000 - RECENT);
    });

    it('after a single failure for all that matters, although it read lately', async () => {
      await feed.poll();
      others.isDown = true;
      clock.advance({ seconds: 1 });
      await feed.poll();
      others.isDown = false;
      clock.advance({ seconds: 1 });
      await feed.poll();
      expect(others.requestedSince.at(-1)).toBe(clock.now() - MATTERS_FOR);
    });

    it('again for callers during a poll, which may have read too early', async () => {
      const open = others.hold();
      const first = feed.poll();
      await settle();
      const second = feed.poll();
      await settle();
      expect(others.requestedSince).toHaveLength(1);
      others.ended = ['there'];
      open();
      await first;
      await second;
      expect(others.requestedSince).toHaveLength(2);
      expect(feed.isRevoked('there')).toBe(true);
    });

    it('once more for all callers during a poll, so that nobody waits in a queue', async () => {
      const open = others.hold();
      const polls = Array.from({ length: 50 }, () => feed.poll());
      await settle();
      polls.push(...Array.from({ length: 50 }, () => feed.poll()));
      open();
      await Promise.all(polls);
      expect(others.requestedSince).toHaveLength(2);
    });
  });

  describe('the feed is stale', () => {
    it('before it has read anything', () => {
      expect(feed.isStale()).toBe(true);
    });

    it('once more than three polls’ time has passed without a result, not before', async () => {
      await feed.poll();
      expect(feed.isStale()).toBe(false);
      others.isDown = true;
      clock.advance({ ms: 3 * POLL });
      await feed.poll();
      expect(feed.isStale()).toBe(false);
      clock.advance({ ms: 1 });
      expect(feed.isStale()).toBe(true);
      others.isDown = false;
      await feed.poll();
      expect(feed.isStale()).toBe(false);
    });
  });

  describe('an outage is logged', () => {
    it('once when it begins and once when it ends', async () => {
      await feed.poll();
      others.isDown = true;
      for (let i = 0; i < 3; i += 1) await feed.poll();
      expect(warn.mock.calls).toEqual([
        ["Revocations made elsewhere can't be read: Error: connection refused"],
      ]);
      expect(warn.mock.contexts).toMatchObject([{ context: 'AuthModule' }]);
      expect(log).not.toHaveBeenCalled();
      others.isDown = false;
      for (let i = 0; i < 3; i += 1) await feed.poll();
      expect(log.mock.calls).toEqual([['Revocations made elsewhere can be read again.']]);
      others.isDown = true;
      await feed.poll();
      expect(warn).toHaveBeenCalledTimes(2);
    });
  });

  describe('the timer', () => {
    it.each([
      ['nine tenths of the interval at the earliest', 0, 9000],
      ['eleven tenths at the latest', 1, 11_000],
    ])('polls again after %s', async (_when, random, delay) => {
      jest.useFakeTimers();
      jest.spyOn(Math, 'random').mockReturnValue(random);
      await feed.onApplicationBootstrap();
      expect(others.requestedSince).toHaveLength(1);
      for (let times = 2; times < 5; times += 1) {
        jest.advanceTimersByTime(delay - 1);
        await settle();
        expect(others.requestedSince).toHaveLength(times - 1);
        jest.advanceTimersByTime(1);
        await settle();
        expect(others.requestedSince).toHaveLength(times);
      }
    });

    it('continues after a failure', async () => {
      jest.useFakeTimers();
      others.isDown = true;
      await feed.onApplicationBootstrap();
      for (let i = 0; i < 3; i += 1) {
        jest.advanceTimersByTime(11_000);
        await settle();
      }
      expect(others.requestedSince).toHaveLength(4);
    });

    it('keeps no process alive', async () => {
      const timers = jest.spyOn(globalThis, 'setTimeout');
      await feed.onApplicationBootstrap();
      const timer = timers.mock.results.at(-1)!.value as NodeJS.Timeout;
      expect(timer.hasRef()).toBe(false);
    });

    it('continues while the app closes, and stops when its server is closed', async () => {
      jest.useFakeTimers();
      await feed.onApplicationBootstrap();
      feed.onModuleDestroy();
      for (let times = 2; times < 5; times += 1) {
        jest.advanceTimersByTime(11_000);
        await settle();
        expect(others.requestedSince).toHaveLength(times);
      }
      await feed.onApplicationShutdown();
      expect(jest.getTimerCount()).toBe(0);
    });

    it.each(['onModuleDestroy', 'onApplicationShutdown'] as const)(
      'tells that the app is closing from %s on',
      async (hook) => {
        expect(feed.isDraining).toBe(false);
        await feed[hook]();
        expect(feed.isDraining).toBe(true);
      },
    );

    it('logs nothing about a database that was closed first', async () => {
      await feed.poll();
      feed.onModuleDestroy();
      others.isDown = true;
      await feed.poll();
      expect(warn).not.toHaveBeenCalled();
    });

    it('stops with an app that closes during a poll, which is waited for', async () => {
      jest.useFakeTimers();
      await feed.onApplicationBootstrap();
      const open = others.hold();
      jest.advanceTimersByTime(11_000);
      await settle();
      let isClosed = false;
      const closing = feed.onApplicationShutdown().then(() => (isClosed = true));
      await settle();
      expect(isClosed).toBe(false);
      open();
      await closing;
      await settle();
      expect(jest.getTimerCount()).toBe(0);
    });
  });
});
