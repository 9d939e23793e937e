import { copiesAt, runsAt } from './guess-runs.js';
import { lettersAt, styleOf, BITS_OF_STYLE, wordsAt } from './guess-words.js';

/**
 * How many bits the shortest description of a text has, in a code that has short ones for what people type: words,
 * letters as they follow each other, digits, rows of keys, and what stood there before. A text of n bits is among the
 * first 2^n that a guesser who works through the descriptions tries.
 *
 * The code is free of prefixes: at each place the parts that may come next, the end among them, have probabilities
 * that add up to less than one (Kraft). So fewer than 2^n texts have a description of less than n bits, and of
 * 2^256 equally likely secrets, however they are written, fewer than one in 2^(256-n) does. Whoever changes a cost has
 * to keep that true: the refusal of good secrets by chance rests on it.
 */
export function guessBits(text: string): number {
  const style = styleOf(text);
  const best = new Float64Array(text.length + 1).fill(Infinity);
  best[0] = BITS_OF_STYLE;
  for (let at = 0; at < text.length; at += 1) {
    const soFar = best[at]!;
    const offering =
      (kind: number): Offer =>
      (length, bits) => {
        best[at + length] = Math.min(best[at + length]!, soFar + kind + bits);
      };
    if (SEPARATORS.includes(text[at]!)) offering(BITS.separator)(1, Math.log2(SEPARATORS.length));
    wordsAt(text, at, style, offering(BITS.word));
    lettersAt(text, at, offering(BITS.letters));
    copiesAt(text, at, offering(BITS.copy));
    runsAt(text, at, offering(BITS.run));
  }
  return best[text.length]! + BITS.end;
}

/** Is told the length of a part that may come next, and the bits that say it. */
export type Offer = (length: number, bits: number) => void;

/** Each is minus the logarithm of how probable it is that a part of this kind, or the end, comes next. */
const BITS = { word: 0.7, letters: 3.4, run: 3.6, copy: 3.6, separator: 4, end: 4.3 };

const SEPARATORS = ' -_.,:;/|+=!?@#$%&*\'"()<>[]{}\n';
