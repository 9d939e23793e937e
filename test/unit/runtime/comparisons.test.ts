import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SharedClock } from '../../../src/runtime/shared-clock.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';

describe('a comparison with the clock of the database', () => {
  let warn: jest.SpiedFunction<Logger['warn']>;
  let own: FakeClock;
  let clock: SharedClock;

  beforeEach(() => {
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    own = new FakeClock();
    clock = new SharedClock(own);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([60, -60])(
    'that is %d seconds away when the app starts changes nothing, and is logged',
    async (seconds) => {
      await clock.keepUp(async () => own.now() + 1000 * seconds);
      expect(clock.now()).toBe(own.now());
      expect(warn.mock.calls).toEqual([
        [
          'The clocks of this instance and of its database are 60 seconds apart: synchronize them (NTP), or sessions end too early or too late. The next boot will be refused.',
        ],
      ]);
      expect(warn.mock.contexts).toMatchObject([{ context: 'AuthModule' }]);
    },
  );

  it.each([
    { ms: 29_000, times: [0, 0, 1] },
    // Further than anybody sets a clock: the machine slept.
    { ms: 29_001, times: [1, 1, 1] },
  ])(
    'is made $times times until zero, nine and ten seconds after a jump of $ms ms',
    async ({ ms, times }) => {
      let queries = 0;
      const read = async () => {
        queries += 1;
        return own.now();
      };
      await clock.keepUp(read);
      own.jump({ ms });
      const counted: number[] = [];
      for (const seconds of [0, 9, 1]) {
        own.advance({ seconds });
        await clock.keepUp(read);
        counted.push(queries - 1);
      }
      expect(counted).toEqual(times);
    },
  );

  it('corrects a clock that is never set, and not the time that passes by it', async () => {
    const steady = new SharedClock({ now: () => 123_456 });
    await steady.keepUp(async () => 113_456);
    expect([steady.now(), steady.elapsed()]).toEqual([113_456, 123_456]);
  });
});
