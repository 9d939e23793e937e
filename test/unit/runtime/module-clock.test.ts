import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../../src/runtime/clock.js';
import { moduleClock } from '../../../src/runtime/module-clock.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';

/** The system's clock, and a database whose clock is behind it by this much. */
const besideDatabase = (ms: number) => moduleClock(systemClock, async () => Date.now() - ms);

describe('the clock that every part goes by', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2030-01-01T00:00:00.500Z') });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is the app’s own if it has one, which is not compared with the database’s', () => {
    const own = new FakeClock(1234.9);
    const { clock, ...compared } = moduleClock(own, async () => 0);
    expect(clock.now()).toBe(1234);
    expect(compared).toEqual({});
  });

  it('is the system’s if there is no database to compare it with', () => {
    const { clock, ...compared } = moduleClock(systemClock);
    expect(clock.now()).toBe(Date.now());
    expect(compared).toEqual({});
  });

  it('is the system’s, corrected by the database’s', async () => {
    const { clock, keepUp } = besideDatabase(20_000);
    expect(clock.now()).toBe(Date.now());
    await keepUp!();
    expect(clock.now()).toBe(Date.now() - 20_000);
  });

  it.each([
    [0, true],
    [29_000, true],
    [-29_000, true],
    [29_001, false],
    [-29_001, false],
  ])('%d ms ahead of the database’s, agrees with it: %s', async (ms, agrees) => {
    expect(await besideDatabase(ms).agrees!()).toBe(agrees);
  });

  it('agrees with no database that has no clock, even at the start of the epoch', async () => {
    jest.setSystemTime(0);
    expect(await moduleClock(systemClock, async () => null).agrees!()).toBe(false);
  });

  it('waits four seconds at most for the database to say whether it agrees', async () => {
    const { agrees } = moduleClock(systemClock, () => new Promise(() => {}));
    const answer = agrees!().catch((error: Error) => error.message);
    await jest.advanceTimersByTimeAsync(4000);
    expect(await answer).toBe('No response within 4000 ms.');
  });
});
