import { copiesAt, FARTHEST_STEP, runsAt, stepsAt } from './guess-runs.js';
import { lettersAt, styleOf, BITS_OF_STYLE, wordsAt } from './guess-words.js';

/**
 * How many bits the shortest description of a text has, in a code with short descriptions for what people type: words,
 * letters in their usual order, digits, rows of keys, even steps, and repetitions of earlier text; one after the other
 * or interleaved. A text of n bits is among the first 2^n that a guesser tries who works through the descriptions.
 *
 * The code is prefix-free: at each position the probabilities of the parts that may come next, including the end, add
 * up to less than one (Kraft). So fewer than 2^n texts have a description of less than n bits, and of 2^256 equally
 * likely secrets, in any encoding, fewer than one in 2^(256-n) has. Every change of a cost must keep this true: that
 * good secrets are not refused by chance depends on it.
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

/** Receives the length of a part that may come next, and the bits that describe it. */
export type Offer = (length: number, bits: number) => void;
type Offering = (kind: number) => Offer;

/** Each is minus the logarithm of the probability that a part of this kind, or the end, comes next. */
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

/** How many rows may be interleaved; in `a1b2c3d4` it is two. */
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

/** Whether it is worth checking: random characters have almost no even steps. */
function hasEvenSteps(text: string, stride: number): boolean {
  const stepAt = (at: number) => text.charCodeAt(at + stride) - text.charCodeAt(at);
  const places = Array.from({ length: Math.max(0, text.length - 2 * stride) }, (_, at) => at);
  const even = places.filter(
    (at) => Math.abs(stepAt(at)) <= FARTHEST_STEP && stepAt(at) === stepAt(at + stride),
  );
  return even.length > places.length / 4;
}

/** Takes the text apart into interleaved parts: with a stride of 2, every second character after every other one. */
function takenApart(text: string, stride: number): string {
  const turns = Array.from({ length: stride }, (_, turn) =>
    [...text].filter((_each, i) => i % stride === turn).join(''),
  );
  return turns.join('');
}
