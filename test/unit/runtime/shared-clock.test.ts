import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SharedClock } from '../../../src/runtime/shared-clock.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';

const SECOND = 1000;

describe('the shared time of instances', () => {
  let own: FakeClock;
  let database: FakeClock;
  let clock: SharedClock;
  let queries: number;
  let warned: unknown[];

  beforeEach(() => {
    own = new FakeClock();
    database = new FakeClock();
    for (const each of [own, database]) each.advance({ hours: 1 });
    clock = new SharedClock(own);
    queries = 0;
    warned = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => warned.push(text));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const apart = () => clock.now() - database.now();
  const read = async () => {
    queries += 1;
    return database.now();
  };
  const keepUp = () => clock.keepUp(read);
  function pass(seconds: number) {
    for (const each of [own, database]) each.advance({ seconds });
  }

  /** Starts with a clock that is wrong by this much. */
  async function corrected(seconds: number) {
    database.jump({ seconds: -seconds });
    await keepUp();
    expect(apart()).toBe(0);
  }
  /** The machine sleeps, and its monotonic clock does not count that time. */
  function sleep(seconds: number, setBy = 0) {
    database.advance({ seconds });
    own.jump({ seconds: seconds + setBy });
  }

  it.each([20, -20, 29, -29])(
    'is the database’s, %d seconds from this instance’s',
    async (seconds) => {
      database.jump({ seconds });
      await keepUp();
      expect(apart()).toBe(0);
      pass(5);
      expect(apart()).toBe(0);
      expect(warned).toEqual([]);
    },
  );

  it('is this instance’s own if the database is not queried', () => {
    own.jump({ seconds: 20 });
    expect(clock.now()).toBe(own.now());
    expect(clock.elapsed()).toBe(own.elapsed());
  });

  it.each([
    [999, 0, 0],
    [1000, 0, 1000],
    [-1000, 0, -1000],
    // A response that took four seconds is not precise.
    [2999, 4000, 0],
    [3000, 4000, 3000],
    // The database may have answered as late as it could: 29 seconds away, it is still followed.
    [31_000, 4000, 31_000],
    [31_001, 4000, 0],
  ])('%d ms away, by a response that took %d ms, is corrected by %d', async (ms, took, by) => {
    await clock.keepUp(async () => {
      own.advance({ ms: took });
      return own.now() - took / 2 - ms;
    });
    expect(own.now() - clock.now()).toBe(by);
  });

  it('does not move back and forth with every comparison', async () => {
    const responses = [20_000, 20_400.5, 19_600, 20_900];
    for (const ahead of responses) {
      await clock.keepUp(async () => own.now() - ahead);
      pass(30);
      expect(own.now() - clock.now()).toBe(20 * SECOND);
    }
  });

  it('is in whole milliseconds', async () => {
    await clock.keepUp(async () => own.now() - 1234.567);
    expect(clock.now()).toBe(own.now() - 1235);
  });

  it('is compared every half minute', async () => {
    await keepUp();
    own.jump({ ms: 700 });
    for (let second = 1; second < 30; second += 1) {
      pass(1);
      await keepUp();
    }
    expect(queries).toBe(1);
    pass(1);
    await keepUp();
    expect(queries).toBe(2);
  });

  it.each([
    [15, 15],
    [-15, 0],
  ])(
    'is the database’s again ten seconds after this clock was set by %d seconds',
    async (seconds, meanwhile) => {
      await keepUp();
      own.jump({ seconds });
      await keepUp();
      expect(apart()).toBe(meanwhile * SECOND);
      pass(10);
      await keepUp();
      expect(apart()).toBe(0);
    },
  );

  it('is the database’s even if this clock was set while the app started', async () => {
    database.jump({ seconds: -20 });
    own.jump({ seconds: 5 });
    await keepUp();
    expect(apart()).toBe(0);
  });

  it('is not taken from a clock that is set all the time', async () => {
    await keepUp();
    for (let i = 0; i < 10; i += 1) {
      own.jump({ seconds: 2 });
      await keepUp();
      pass(5);
    }
    expect(queries).toBe(1);
  });

  it.each([60, -60])(
    'continues as before if the clocks are %d seconds apart, which is logged once',
    async (seconds) => {
      database.jump({ seconds: -Math.sign(seconds) * 20 });
      await keepUp();
      own.jump({ seconds });
      const before = own.now() - clock.now();
      for (let i = 0; i < 5; i += 1) {
        pass(31);
        await keepUp();
      }
      expect(own.now() - clock.now()).toBe(before);
      expect(warned).toEqual([expect.stringMatching(/seconds apart: synchronize them/)]);
      own.jump({ seconds: -seconds });
      pass(31);
      await keepUp();
      pass(31);
      await keepUp();
      expect(apart()).toBe(0);
    },
  );

  it('stays unchanged if the database doesn’t respond, and is compared again later', async () => {
    database.jump({ seconds: 20 });
    await keepUp();
    pass(30);
    await clock.keepUp(async () => {
      throw new Error('connection refused');
    });
    expect(apart()).toBe(0);
    pass(30);
    await keepUp();
    expect(queries).toBe(2);
  });

  it('is not read while the clock is being set', async () => {
    await clock.keepUp(async () => {
      own.jump({ seconds: 20 });
      return database.now();
    });
    expect(clock.now()).toBe(own.now());
  });

  describe('when this clock is set', () => {
    it.each([28, -28, 5, -5, 1, -1])(
      'to the right time, after it was %d seconds off, it continues for the first caller and afterwards',
      async (seconds) => {
        await corrected(seconds);
        own.jump({ seconds: -seconds });
        for (let second = 0; second < 60; second += 1) {
          expect(apart()).toBe(0);
          pass(1);
          await keepUp();
        }
        expect(queries).toBeGreaterThan(1);
      },
    );

    it.each([
      [-28, 31],
      [-28, 24],
      [-28, 23],
      [28, -31],
      [28, -24],
    ])(
      'to the right time, from %d by %d seconds, while the database is slightly off, it continues',
      async (off, seconds) => {
        await corrected(off);
        own.jump({ seconds });
        expect(apart()).toBe(0);
        pass(10);
        await keepUp();
        expect(apart()).toBe(0);
      },
    );

    it('back, and back again, it continues', async () => {
      await corrected(28);
      for (const seconds of [-20, -20, -40]) {
        own.jump({ seconds });
        expect(apart()).toBe(0);
      }
    });

    it.each([15, 60, 600])('ahead by %d seconds, and back, it is what it was', async (seconds) => {
      await corrected(20);
      own.jump({ seconds });
      expect(apart()).toBe(seconds * SECOND);
      await keepUp();
      own.jump({ seconds: -seconds });
      expect(apart()).toBe(0);
      await keepUp();
      expect(apart()).toBe(0);
    });

    it('far back, and right again, it continues, while the difference is reported', async () => {
      await corrected(-20);
      own.jump({ seconds: -60 });
      for (let i = 0; i < 3; i += 1) {
        pass(31);
        await keepUp();
        expect(apart()).toBe(0);
      }
      expect(warned).toHaveLength(1);
      own.jump({ seconds: 80 });
      expect(apart()).toBe(0);
    });

    it('instances keep their own time while it is unknown which clock is right', async () => {
      await corrected(10);
      own.jump({ seconds: 60 });
      await keepUp();
      expect(warned).toHaveLength(1);
      own.jump({ seconds: -50 });
      expect(apart()).toBe(10 * SECOND);
      pass(10);
      await keepUp();
      expect(apart()).toBe(0);
    });

    it('instances keep their own time if the database has no clock, and before the first query', async () => {
      for (const seconds of [20, -20, -60]) {
        own.jump({ seconds });
        expect(clock.now()).toBe(own.now());
        await clock.keepUp(async () => null);
        pass(30);
      }
      expect(clock.now()).toBe(own.now());
      expect(warned).toEqual([]);
    });
  });

  it('follows a clock that is corrected gradually, and loses no more than a comparison allows', async () => {
    await corrected(28);
    for (let second = 0; second < 400; second += 1) {
      pass(1);
      own.jump({ ms: -70 });
      await keepUp();
      expect(Math.abs(apart())).toBeLessThanOrEqual(30 * 70);
    }
    own.jump({ ms: -999 });
    expect(apart()).toBeGreaterThan(-3100);
  });

  describe('after a sleep that the monotonic clock did not count', () => {
    it.each([
      [0, 3600],
      [20, 3600],
      [-20, 3600],
      [20, 45],
      [0, 12],
      [-20, 12],
      // As far from the right time as before, or further: nobody set it right.
      [-2, 4],
      [1, 3],
    ])(
      'the shared time is the database’s at once, for a clock that was %d seconds off and %d asleep',
      async (off, seconds) => {
        await corrected(off);
        sleep(seconds);
        expect(apart()).toBe(0);
        pass(10);
        await keepUp();
        expect(apart()).toBe(0);
      },
    );

    it.each([20, -20])(
      'the shared time is the database’s at the next comparison, for a clock that was %d seconds off and was corrected meanwhile',
      async (off) => {
        await corrected(off);
        sleep(3600, -off);
        expect(apart()).toBe(-off * SECOND);
        pass(1);
        await keepUp();
        expect(apart()).toBe(0);
      },
    );
  });
});
