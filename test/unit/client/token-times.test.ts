import { describe, expect, it } from '@jest/globals';
import { pauseMs } from '../../../src/client/backoff.js';
import { elapsedClock } from '../../../src/client/elapsed-clock.js';
import { hold } from '../../../src/client/held-token.js';

const HOUR = 3_600_000;

function clocks() {
  const at = { wall: 1_000_000, mono: 50 };
  const now = elapsedClock(
    () => at.wall,
    () => at.mono,
  );
  const start = now();
  return { at, elapsed: () => now() - start };
}

describe('the elapsed clock', () => {
  it('follows both clocks', () => {
    const { at, elapsed } = clocks();
    at.wall += 60;
    at.mono += 60;
    expect(elapsed()).toBe(60);
  });

  it('counts the time that the machine slept, when the monotonic clock stood still', () => {
    const { at, elapsed } = clocks();
    at.wall += 8 * HOUR;
    expect(elapsed()).toBe(8 * HOUR);
  });

  it('does not go back when the wall clock is set back', () => {
    const { at, elapsed } = clocks();
    at.mono += 1_000;
    at.wall += 1_000 - 2 * HOUR;
    expect(elapsed()).toBe(1_000);
    at.mono += 1_000;
    at.wall += 1_000;
    expect(elapsed()).toBe(2_000);
  });

  it('does not run ahead because it is read often', () => {
    const { at, elapsed } = clocks();
    for (let i = 1; i <= 1_000; i += 1) {
      at.mono = 50 + i / 10;
      at.wall = 1_000_000 + Math.floor(i / 10);
      elapsed();
    }
    expect(elapsed()).toBeLessThan(101.5);
  });
});

describe('the moment of an early refresh', () => {
  it('lies within the last third of a token’s life, for every random number', () => {
    expect(hold('t', 900, 100, 0).dueAt).toBe(100 + 600);
    expect(hold('t', 900, 100, 0.5).dueAt).toBe(100 + 735);
  });

  it('leaves time for a request to arrive', () => {
    expect(hold('t', 900, 100, 0.9999).dueAt).toBeLessThan(100 + 871);
  });
});

describe('the pause after a failure', () => {
  it('doubles from half a second up to half a minute', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 7, 50, 2_000].map((failures) => pauseMs(failures, 1));
    expect(longest).toEqual([500, 1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3, 30e3, 30e3]);
  });

  it('is anything from zero up to that', () => {
    expect(pauseMs(3, 0)).toBe(0);
    expect(pauseMs(3, 0.25)).toBe(1_000);
  });
});
