import { describe, expect, it } from '@jest/globals';
import { ClockWatch } from '../../../src/runtime/clock-watch.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';

describe('on a machine that has run for a day', () => {
  it.each([
    [0, 0],
    [999, 0],
    [-999, 0],
    [1000, 1000],
    [-1000, -1000],
  ])('a clock set by %d ms since the start of the app has jumped by %d', (ms, jump) => {
    const clock = new FakeClock();
    clock.advance({ days: 1 });
    const watch = new ClockWatch(clock);
    clock.advance({ hours: 1 });
    clock.jump({ ms });
    expect(watch.jump()).toBe(jump);
    expect(watch.jump()).toBe(0);
  });
});
