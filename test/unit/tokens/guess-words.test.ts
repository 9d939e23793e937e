import { describe, expect, it } from '@jest/globals';
import { styleOf, wordsAt } from '../../../src/tokens/guess-words.js';

describe('the style of a text', () => {
  it.each<[string, string, string, boolean]>([
    ['correcthorse', 'lower', '', false],
    ['CorrectHorse', 'capital', '', false],
    ['correct-horse-battery', 'lower', '-', false],
    ['Correct Horse Battery', 'capital', ' ', false],
    ['CORRECT_HORSE', 'upper', '_', false],
    ['correct.horse', 'lower', '.', false],
    ['correct horse-battery staple', 'lower', ' ', false],
    ['Correct horse battery', 'lower', ' ', false],
    ['p4ssword', 'lower', '', false],
    ['p4ssw0rd', 'lower', '', true],
    ['word 4 word 0', 'lower', ' ', false],
  ])('is that of most words: %j', (text, writing, between, hasLeet) => {
    expect(styleOf(text)).toEqual({ writing, between, hasLeet });
  });
});

/** The bits of each length that is offered at the start of the text, in the style of another text. */
function offered(text: string, like = text): Map<number, number> {
  const bits = new Map<number, number>();
  wordsAt(text, 0, styleOf(like), (length, cost) => {
    bits.set(length, Math.min(cost, bits.get(length) ?? Infinity));
  });
  return bits;
}
const bitsOf = (word: string, text: string, like = text) => offered(text, like).get(word.length)!;

describe('a word in a text', () => {
  it('is found with each of its beginnings that are words, and nothing else is', () => {
    expect([...offered('thereqz').keys()].filter((length) => length >= 3)).toEqual([3, 5]);
    expect([...offered('qzxqzx').keys()]).toEqual([]);
  });

  it('costs more the rarer it is', () => {
    expect(bitsOf('the', 'the')).toBeLessThan(bitsOf('love', 'love'));
  });

  it('costs 3.6 bits more if it is written in another way than most', () => {
    const usual = bitsOf('The', 'The', 'Love Love');
    expect(bitsOf('THE', 'THE', 'Love Love') - usual).toBeCloseTo(3.6);
    expect(bitsOf('the', 'the', 'Love Love') - usual).toBeCloseTo(3.6);
    expect(bitsOf('the', 'the', 'love love')).toBeCloseTo(usual);
    expect(offered('tHe', 'love love').get(3)).toBeUndefined();
  });

  it('costs 3.6 bits more without the separator that most have, and the separator is part of it', () => {
    const [alone, followed] = [3, 4].map((length) => offered('the-qz', 'love-love').get(length)!);
    expect(alone! - followed!).toBeCloseTo(3.6);
    const other = offered('the_qz', 'love-love').get(4)!;
    expect(other - followed!).toBeCloseTo(3.6);
    expect(offered('the/qz', 'love-love').get(4)).toBeUndefined();
  });

  it('with digits for letters costs more, and little more where other words have them', () => {
    const plain = bitsOf('love', 'love');
    const rare = bitsOf('l0ve', 'l0ve', 'lovelove');
    const usual = bitsOf('l0ve', 'l0ve', 'p4ssw0rd');
    expect(rare - plain).toBeCloseTo(3.9 + 2 * Math.log2(3));
    expect(usual - plain).toBeCloseTo(0.9 + 2 * Math.log2(3));
    expect(bitsOf('love', 'love', 'p4ssw0rd') - plain).toBeCloseTo(0.9);
  });
});
