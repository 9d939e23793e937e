import { describe, expect, it } from '@jest/globals';
import { guessBits } from '../../../src/tokens/guess-bits.js';

/**
 * Whether a secret is refused depends on these: a cost may change only on purpose, with the proof that random secrets
 * still cost enough (`weak-secrets.test.ts`).
 */
describe('the bits by which a text can be described', () => {
  it.each<[string, number]>([
    ['', 9.407],
    ['a', 19.307],
    ['password', 19.307],
    ['Password1!', 43.736],
    ['correct horse battery staple', 77.609],
    ['correct-horse-battery-staple', 77.609],
    ['CorrectHorseBatteryStaple', 74.009],
    ['the quick brown fox', 72.609],
    ['secret secret secret', 30.708],
    ['p4ssw0rd-s3cr3t', 43.287],
    ['qwertyuiop', 28.938],
    ['zxcvbnm,./', 53.658],
    ['abcdefghijklmnop', 28.938],
    ['0123456789', 28.938],
    ['9876543210', 28.938],
    ['2024-11-28', 81.998],
    ['aaaaaaaaaaaaaaaa', 32.214],
    ['abcabcabcabcabc', 40.847],
    ['13579bdf', 45.022],
    ['a1b2c3d4e5f6g7h8', 44.785],
    ['0a1b2c3d4e5f', 44.779],
    ['azbycxdwevfugthsirjq', 48.791],
    ['qzxjvkwpyg', 71.011],
    ['Jz9vQ2mT7xR4wB8k', 121.274],
  ])('of %j are %f', (text, bits) => {
    expect(guessBits(text)).toBeCloseTo(bits, 3);
  });

  it('are fewer for a word that comes again than for the first', () => {
    const words = ['password', 'password password'].map(guessBits);
    expect(words[1]! - words[0]!).toBeLessThan(words[0]!);
  });

  it('are more for random letters than for letters in the order of words', () => {
    expect(guessBits('qzxjvkwpyg')).toBeGreaterThan(guessBits('strandings') + 10);
  });
});
