import { copiesAt, FARTHEST_STEP, runsAt, stepsAt } from './guess-runs.js';
import { lettersAt, styleOf, BITS_OF_STYLE, wordsAt } from './guess-words.js';

/**
 * How many bits the shortest description of a text has, in a code that has short ones for what people type: words,
 * letters as they follow each other, digits, rows of keys, even steps, and what stood there before; one after the other,
 * or by turns. A text of n bits is among the first 2^n that a guesser who works through the descriptions tries.
 *
 * The code is free of prefixes: at each place the parts that may come next, the end among them, have probabilities
 * that add up to less than one (Kraft). So fewer than 2^n texts have a description of less than n bits, and of
 * 2^256 equally likely secrets, however they are written, fewer than one in 2^(256-n) does. Whoever changes a cost has
 * to keep that true: the refusal of good secrets by chance rests on it.
 */
export function guessBits(text: string): number {
  const style = styleOf(text);
  const asWritten = bitsOfParts(text, (at, offering) => {
    if (SEPARATORS.includes(text[at]!)) {
      offering(BITS.separator)(1, Math.log2(SEPARATORS.length));
    }
    wordsAt(text, at, style, offering(BITS.word));
    lettersAt(text, at, style, offering(BITS.letters));
    rowsAt(text, at, offering);
  });
  const byTurns = STRIDES.filter((stride) => hasEvenSteps(text, stride)).map((stride) => {
    const unwoven = takenApart(text, stride);
    return bitsOfParts(unwoven, (at, offering) => rowsAt(unwoven, at, offering));
  });
  return Math.min(BITS.asItStands + BITS_OF_STYLE + asWritten, BITS.byTurns + Math.min(...byTurns));
}

/** Is told the length of a part that may come next, and the bits that say it. */
export type Offer = (length: number, bits: number) => void;
type Offering = (kind: number) => Offer;

/** Each is minus the logarithm of how probable it is that a part of this kind, or the end, comes next. */
const BITS = {
  word: 1.2,
  letters: 2.2,
  run: 3.6,
  copy: 3.6,
  separator: 4,
  end: 4.3,
  steps: 5,
  asItStands: 0.2,
  byTurns: 5.4,
};

const SEPARATORS = ' -_.,:;/|+=!?@#$%&*\'"()<>[]{}\n';

/** How many rows may take turns, as two do in `a1b2c3d4`. */
const STRIDES = [2, 3, 4, 5, 6];

function bitsOfParts(text: string, partsAt: (at: number, offering: Offering) => void): number {
  const best = new Float64Array(text.length + 1).fill(Infinity);
  best[0] = 0;
  for (let at = 0; at < text.length; at += 1) {
    const soFar = best[at]!;
    partsAt(at, (kind) => (length, bits) => {
      best[at + length] = Math.min(best[at + length]!, soFar + kind + bits);
    });
  }
  return best[text.length]! + BITS.end;
}

function rowsAt(text: string, at: number, offering: Offering): void {
  copiesAt(text, at, offering(BITS.copy));
  runsAt(text, at, offering(BITS.run));
  stepsAt(text, at, offering(BITS.steps));
}

/** Whether it is worth a look: random characters have next to none. */
function hasEvenSteps(text: string, stride: number): boolean {
  const stepAt = (at: number) => text.charCodeAt(at + stride) - text.charCodeAt(at);
  const places = Array.from({ length: Math.max(0, text.length - 2 * stride) }, (_, at) => at);
  const even = places.filter(
    (at) => Math.abs(stepAt(at)) <= FARTHEST_STEP && stepAt(at) === stepAt(at + stride),
  );
  return even.length > places.length / 4;
}

/** Every second character after every other one, and so on. */
function takenApart(text: string, stride: number): string {
  const turns = Array.from({ length: stride }, (_, turn) =>
    [...text].filter((_each, i) => i % stride === turn).join(''),
  );
  return turns.join('');
}
