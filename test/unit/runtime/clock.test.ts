import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { inWholeMilliseconds, systemClock } from '../../../src/runtime/clock.js';

describe('the system’s clock', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2030-01-01T00:00:00.500Z') });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the time of day, and apart from it how much time passes', () => {
    const [now, elapsed] = [systemClock.now(), systemClock.elapsed!()];
    expect(new Date(now).toISOString()).toBe('2030-01-01T00:00:00.500Z');
    jest.advanceTimersByTime(700);
    expect(systemClock.now() - now).toBe(700);
    jest.setSystemTime(now - 60_000);
    expect(systemClock.now()).toBe(now - 60_000);
    expect(systemClock.elapsed!() - elapsed).toBe(700);
  });
});

describe('an app’s clock in whole milliseconds', () => {
  it.each([
    { clock: { now: () => 1234.9, elapsed: () => 56.7 }, now: 1234, elapsed: 56 },
    { clock: { now: () => 1234.9, elapsed: () => 0 }, now: 1234, elapsed: 0 },
    // It is never set: the time that it tells is the time elapsed too.
    { clock: { now: () => 1234.9 }, now: 1234, elapsed: 1234 },
  ])('says $now and $elapsed', ({ clock, now, elapsed }) => {
    const whole = inWholeMilliseconds(clock);
    expect([whole.now(), whole.elapsed!()]).toEqual([now, elapsed]);
  });
});
