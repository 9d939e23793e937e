import { describe, expect, it } from '@jest/globals';
import { COMMON_WORDS } from '../../../src/tokens/common-words.js';
import { bitsOfWordLength } from '../../../src/tokens/guess-lengths.js';
import { bitsOfLetter, bitsOfLetters } from '../../../src/tokens/letter-pairs.js';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** Kraft's inequality, which must hold for a prefix-free code; the promise to good secrets depends on it. */
describe('the code of guessable texts', () => {
  it('has letters whose probabilities add up to one at most, after each letter', () => {
    for (const before of ['', ...LETTERS]) {
      const sum = LETTERS.reduce((all, letter) => all + 2 ** -bitsOfLetter(letter, before), 0);
      expect(sum).toBeLessThanOrEqual(1);
      expect(sum).toBeGreaterThan(0.7);
    }
  });

  it('has lengths of words whose probabilities add up to one at most', () => {
    const lengths = Array.from({ length: 2 ** 16 }, (_, i) => i + 1);
    const sum = lengths.reduce((all, length) => all + 2 ** -bitsOfWordLength(length), 0);
    expect(sum).toBeLessThanOrEqual(1);
  });

  it('has fewer words than thirteen powers of two, each once', () => {
    expect(COMMON_WORDS.length).toBeLessThan(2 ** 13);
    expect(new Set(COMMON_WORDS).size).toBe(COMMON_WORDS.length);
  });

  it.each([
    [2, 3.2],
    [9, 3.2],
    [10, 5.2],
    [11, 7.2],
    [13, 9.2],
  ])('has a word of %i letters in %f bits, beside those of its letters', (letters, bits) => {
    expect(bitsOfWordLength(letters)).toBeCloseTo(bits, 6);
  });

  it('has letters of one case as one word, each after the one before it', () => {
    const word = bitsOfLetter('t', '') + bitsOfLetter('h', 't') + bitsOfLetter('e', 'h');
    expect(bitsOfLetters('the')).toBe(word);
    expect(bitsOfLetters('THE')).toBe(word);
    expect(bitsOfLetters('')).toBe(0);
  });
});
