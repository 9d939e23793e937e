import type { Offer } from './guess-bits.js';
import { bitsOfLength } from './guess-lengths.js';

/** Known before any text: rows of keys and of the alphabet, in both directions. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/',
  '01234567890123456789abcdefABCDEF',
  '9876543210zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA',
  '1234567890qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZXCVBNM',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p!QAZ@WSX#EDC$RFV%TGB^YHN&UJM',
  '!@#$%^&*()_+poiuytrewqlkjhgfdsamnbvcxz',
  // A popular online key generator takes every key from this text.
  'z%C*F-JaNdRgUkXp2s5v8y/B?E(G+KbPeShVmYq3t6w9z$C&F)J@McQfTjWnZr4u7x!A%D*G-KaPdSgVkYp3s6v9y$B&E(H+MbQeThWmZq4t7w!z%C*F-J@NcRfUjXn2r5u8x/A?D(G+KbPdSgVkYp3s6v9y$B&E)H@McQ',
].join('');

/** Repeats at least three characters of the earlier text. */
export function copiesAt(text: string, at: number, offer: Offer): void {
  const before = ROWS + text.slice(0, at);
  const bitsOfPlace = Math.log2(before.length);
  const least = text.slice(at, at + 3);
  if (least.length < 3) return;
  const all = ROWS + text;
  let longest = 2;
  for (let from = all.indexOf(least); from < before.length; from = all.indexOf(least, from + 1)) {
    let length = 3;
    while (at + length < text.length && all[from + length] === text[at + length]) length += 1;
    for (let copied = longest + 1; copied <= length; copied += 1) {
      offer(copied, bitsOfPlace + bitsOfLength(copied - 2));
    }
    longest = Math.max(longest, length);
  }
}

/** Alphabets of character runs, as ranges. */
const ALPHABETS = ['09', '09af', '09AF', 'az', 'AZ', '09AZaz', ' ~', '\u0000\u00FF'].map(
  (ranges) => {
    const has = new Uint8Array(256);
    for (let i = 0; i < ranges.length; i += 2) {
      has.fill(1, ranges.charCodeAt(i), ranges.charCodeAt(i + 1) + 1);
    }
    return { has, size: has.reduce((sum, one) => sum + one) };
  },
);
const BITS_OF_ALPHABET = Math.log2(ALPHABETS.length);
/** Weight of an unseen character in an adaptive run: the smaller, the cheaper are runs of few different characters. */
const UNSEEN = 0.25;

/** Characters of one alphabet: all equally likely, or the likelier the more often they occurred. */
export function runsAt(text: string, at: number, offer: Offer): void {
  for (const { has, size } of ALPHABETS) {
    const seen = new Uint16Array(256);
    const each = Math.log2(size);
    let adaptive = 0;
    for (let length = 1; at + length <= text.length; length += 1) {
      const code = text.charCodeAt(at + length - 1);
      if (has[code] !== 1) break;
      adaptive -= Math.log2((seen[code]! + UNSEEN) / (length - 1 + UNSEEN * size));
      seen[code]! += 1;
      // One bit for which of the two.
      const bits = Math.min(adaptive, length * each) + 1;
      offer(length, BITS_OF_ALPHABET + bitsOfLength(length) + bits);
    }
  }
}

/** Largest distance, in either direction, between characters that follow each other in even steps. */
export const FARTHEST_STEP = 3;

/** At least three characters in even steps, as in `aceg`, `9876` and `!!!!`. */
export function stepsAt(text: string, at: number, offer: Offer): void {
  const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
  if (!(Math.abs(step) <= FARTHEST_STEP)) return;
  for (let end = at + 2; end < text.length; end += 1) {
    if (text.charCodeAt(end) - text.charCodeAt(end - 1) !== step) break;
    const bits = Math.log2(2 * FARTHEST_STEP + 1) + bitsOfLength(end - at - 1);
    offer(end - at + 1, BITS_OF_FIRST + bits);
  }
}
/** The first character: any byte. */
const BITS_OF_FIRST = 8;
