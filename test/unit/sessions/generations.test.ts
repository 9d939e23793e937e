import { describe, expect, it } from '@jest/globals';
import { afterReissue, isBeforeReissue } from '../../../src/sessions/generations.js';

describe('a reissue', () => {
  it('leads to a generation that no earlier rotation reaches', () => {
    expect([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 5].map(afterReissue)).toEqual([
      2 ** 20,
      2 ** 20,
      2 ** 20,
      2 ** 21,
      2 ** 21,
    ]);
  });

  it('is distinguished from a rotation', () => {
    expect(isBeforeReissue(2 ** 20 - 1, 2 ** 20)).toBe(true);
    expect(isBeforeReissue(2 ** 20, 2 ** 20 + 7)).toBe(false);
  });

  it('still fits the column after two thousand, and is then a single step', () => {
    let generation = 0;
    for (let i = 0; i < 2100; i += 1) {
      const next = afterReissue(generation);
      expect(next).toBeGreaterThan(generation);
      generation = next;
    }
    expect(generation).toBeLessThan(2 ** 31);
    expect(afterReissue(generation)).toBe(generation + 1);
  });
});
