import { describe, expect, it } from '@jest/globals';
import { durationToMs } from '../../../src/options/duration.js';

describe('a duration', () => {
  it.each([
    [900, 900_000],
    [0, 0],
    [0.5, 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['15 m', 900_000],
    [' 7d ', 604_800_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['10y', 315_576_000_000],
    ['2 weeks', 1_209_600_000],
    ['1W', 604_800_000],
  ])('%j is %i ms: numbers are seconds, texts say their unit', (duration, milliseconds) => {
    expect(durationToMs(duration)).toBe(milliseconds);
  });

  it.each([
    ['without a unit', '3600'],
    ['without a number', 'm'],
    ['empty', ''],
    ['negative', '-15m'],
    ['a negative number', -1],
    ['of an unknown unit', '3 fortnights'],
    ['two of them', '1h 30m'],
    ['in exponents', '1e3s'],
    ['not a number', Number.NaN],
    ['endless', Number.POSITIVE_INFINITY],
    ['too long for a number', `${'9'.repeat(400)}d`],
  ])('%s is refused', (_what, duration) => {
    expect(() => durationToMs(duration)).toThrow(RangeError);
  });

  it.each([
    ['100y', '"100y" is longer than ten years: give less'],
    [1e30, '1e+30 is longer than ten years (a number counts seconds): give less'],
    // Ten years in milliseconds, meant as such.
    [315_576_000_000, '315576000000 is longer than ten years (a number counts seconds)'],
  ])('of more than ten years is refused: %j', (duration, sentence) => {
    expect(() => durationToMs(duration)).toThrow(sentence);
  });

  it.each([[null], [undefined], [true], [['15m']], [{ minutes: 15 }]])(
    'of another type (%p) is refused',
    (value) => {
      expect(() => durationToMs(value as never)).toThrow(RangeError);
    },
  );

  it('is quoted in the message, with what to write instead', () => {
    expect(() => durationToMs('3600')).toThrow(
      '"3600" is not a duration: give it a unit, such as "15m" or "7d"',
    );
    expect(() => durationToMs(-1)).toThrow(
      '-1 is not a duration: give seconds as a number, or a string with a unit, such as "15m" or "7d"',
    );
  });
});
