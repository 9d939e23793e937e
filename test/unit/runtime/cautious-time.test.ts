import { beforeEach, describe, expect, it } from '@jest/globals';
import { CautiousTime } from '../../../src/runtime/cautious-time.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';

const HOUR = 60 * 60_000;

describe('on a machine that has run for a day', () => {
  let clock: FakeClock;
  let time: CautiousTime;

  beforeEach(() => {
    clock = new FakeClock();
    clock.advance({ days: 1 });
    time = new CautiousTime(clock);
  });

  it('the time of the start is trusted at first', () => {
    expect(time.now()).toBe(clock.now());
    expect(time.isInDoubt).toBe(false);
  });

  it('a clock that was set ahead before the first question is not trusted', () => {
    clock.jump({ hours: 1 });
    expect(time.now()).toBe(clock.now() - HOUR);
    expect(time.isInDoubt).toBe(true);
  });

  it('a time that was confirmed is trusted, and a clock set further ahead right afterwards is not', () => {
    clock.jump({ hours: 1 });
    time.now();
    time.trust();
    expect(time.isInDoubt).toBe(false);
    clock.jump({ hours: 2 });
    expect(time.now()).toBe(clock.now() - 2 * HOUR);
    expect(time.isInDoubt).toBe(true);
  });
});
