import { describe, expect, it } from '@jest/globals';
import { repeatedPiece } from '../../../src/runtime/repetition.js';

describe('the piece of which a sequence is made by repetition', () => {
  it.each([
    ['aaa', 'a'],
    ['abab', 'ab'],
    ['abcabcabc', 'abc'],
    ['aabaab', 'aab'],
    // The last one may be cut off.
    ['ababa', 'ab'],
    // Once and a part of it is no repetition.
    ['abcab', 'abcab'],
    ['aba', 'aba'],
    ['ab', 'ab'],
    ['a', 'a'],
    ['', ''],
  ])('of "%s" is "%s"', (sequence, piece) => {
    expect(repeatedPiece(sequence, (one, other) => one === other)).toBe(piece);
  });
});
