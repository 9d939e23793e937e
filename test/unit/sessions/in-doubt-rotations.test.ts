import { describe, expect, it } from '@jest/globals';
import { InDoubtRotations } from '../../../src/sessions/in-doubt-rotations.js';

/** The rotations at these times, with one try per millisecond from 1000 on. */
function leewaysAfter(tries: number, ...rotatedAt: number[]): number[] {
  return rotatedAt.map((time) => {
    const inDoubt = new InDoubtRotations();
    for (let at = 1000; at < 1000 + tries; at += 1) inDoubt.add('session', at);
    return inDoubt.leewayFrom('session', time, 9000);
  });
}

describe('the leeway of a rotation starts', () => {
  it('at the rotation, if the client got its response', () => {
    const inDoubt = new InDoubtRotations();
    inDoubt.add('other', 1000);
    inDoubt.add('session', 2000);
    expect(inDoubt.leewayFrom('session', 1000, 9000)).toBe(1000);
  });

  it('at the first response, if the first try had none', () => {
    const inDoubt = new InDoubtRotations();
    inDoubt.add('session', 1000);
    expect(inDoubt.leewayFrom('session', 1000, 9000)).toBe(9000);
    expect(inDoubt.leewayFrom('session', 1000, 9500)).toBe(9000);
  });

  it('at the first response, whichever of several tries was committed', () => {
    const inDoubt = new InDoubtRotations();
    for (let at = 1000; at < 1500; at += 1) inDoubt.add('session', at);
    expect(inDoubt.leewayFrom('session', 1000, 9000)).toBe(9000);
    expect(inDoubt.leewayFrom('session', 1499, 9100)).toBe(9000);
  });

  it('at the first response to one of the first eight or last two dozen of many tries', () => {
    expect(leewaysAfter(32, 1007, 1008, 1031)).toEqual([9000, 9000, 9000]);
    expect(leewaysAfter(33, 1007, 1008, 1009, 1032)).toEqual([9000, 1008, 9000, 9000]);
    expect(leewaysAfter(500, 1007, 1008, 1475, 1476)).toEqual([9000, 1008, 1475, 9000]);
  });

  it('at the rotation again, once one got its response', () => {
    const inDoubt = new InDoubtRotations();
    inDoubt.add('session', 1000);
    inDoubt.forget('session');
    expect(inDoubt.leewayFrom('session', 1000, 9000)).toBe(1000);
  });

  it('anew, if the same try got no response again', () => {
    const inDoubt = new InDoubtRotations();
    inDoubt.add('session', 1000);
    inDoubt.leewayFrom('session', 1000, 9000);
    inDoubt.add('session', 1000);
    expect(inDoubt.leewayFrom('session', 1000, 9500)).toBe(9500);
  });
});

describe('a session does not rotate', () => {
  it('for one leeway after the first response to an in-doubt rotation', () => {
    const inDoubt = new InDoubtRotations();
    inDoubt.add('session', 1000);
    expect(inDoubt.isInLeeway('session', 9000, 500)).toBe(false);
    expect(inDoubt.isInLeeway('session', 100, 500)).toBe(false);
    inDoubt.leewayFrom('session', 1000, 9000);
    inDoubt.leewayFrom('session', 1000, 9400);
    const times = [9000, 9499, 9500].map((now) => inDoubt.isInLeeway('session', now, 500));
    expect(times).toEqual([true, true, false]);
    expect(inDoubt.isInLeeway('other', 9000, 500)).toBe(false);
  });
});

describe('in an endless outage', () => {
  it('many retries of one session don’t remove the entries of others', () => {
    const inDoubt = new InDoubtRotations();
    inDoubt.add('victim', 1000);
    for (let at = 0; at < 20_000; at += 1) inDoubt.add('noisy', at);
    expect(inDoubt.leewayFrom('victim', 1000, 9000)).toBe(9000);
  });

  it('the latest ten thousand sessions are remembered', () => {
    const inDoubt = new InDoubtRotations();
    for (let i = 0; i <= 10_000; i += 1) inDoubt.add(`session ${i}`, 1000);
    const [first, second, last] = [0, 1, 10_000].map((i) =>
      inDoubt.leewayFrom(`session ${i}`, 1000, 9000),
    );
    expect([first, second, last]).toEqual([1000, 9000, 9000]);
  });
});
