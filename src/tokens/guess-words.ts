import { COMMON_WORDS } from './common-words.js';
import type { Offer } from './guess-bits.js';
import { bitsOfLength } from './guess-lengths.js';
import { bitsOfLetter } from './letter-pairs.js';

/** How most words of a text are written, and what is between them: said once, at its start. */
export interface Style {
  writing: Writing;
  between: string;
}
const WRITINGS = ['lower', 'capital', 'upper'] as const;
type Writing = (typeof WRITINGS)[number];
const BETWEEN = ['', ' ', '-', '_', '.'];
export const BITS_OF_STYLE = Math.log2(WRITINGS.length * BETWEEN.length);

export function styleOf(text: string): Style {
  const pieces = text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
  return {
    writing: most(
      WRITINGS,
      (writing) => pieces.filter((piece) => writingOf(piece) === writing).length,
    ),
    between: most(BETWEEN, (between) => (between === '' ? 1.5 : text.split(between).length)),
  };
}

function most<T>(choices: readonly T[], count: (choice: T) => number): T {
  return choices.toSorted((one, other) => count(other) - count(one))[0]!;
}

function writingOf(word: string): Writing | null {
  if (word === word.toLowerCase()) return 'lower';
  if (word.length > 1 && word === word.toUpperCase()) return 'upper';
  return word.slice(1) === word.slice(1).toLowerCase() ? 'capital' : null;
}

/** Written as most are, or in one of the two other ways; with digits for letters on top. */
const WRITTEN = { likeMost: 0.4, otherwise: 4, leet: 4 };
/** Followed by what is between most, by nothing, or by one of the other three. */
const FOLLOWED = { likeMost: 0.5, otherwise: 4.1 };

const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};
const LONGEST_WORD = 14;

/** Of a number from 0: which power of two it lies under, of twelve, and where below that. */
const bitsOfRank = (rank: number) => Math.log2(12) + Math.floor(Math.log2(rank + 1));

let ranks: ReadonlyMap<string, number> | undefined;

export function wordsAt(text: string, at: number, { writing, between }: Style, offer: Offer): void {
  commonWordsAt(text.slice(at, at + LONGEST_WORD), writing, (length, bits) => {
    for (const separator of BETWEEN) {
      if (text.startsWith(separator, at + length)) {
        const followed = separator === between ? FOLLOWED.likeMost : FOLLOWED.otherwise;
        offer(length + separator.length, bits + followed);
      }
    }
  });
}

function commonWordsAt(rest: string, usual: Writing, offer: Offer): void {
  ranks ??= new Map(COMMON_WORDS.map((word, rank) => [word, rank]));
  const plain = [...rest].map((sign) => LEET[sign] ?? sign).join('');
  for (let length = 1; length <= rest.length; length += 1) {
    const word = plain.slice(0, length);
    const rank = ranks.get(word.toLowerCase());
    const writing = rank === undefined ? null : writingOf(word);
    if (rank === undefined || writing === null) continue;
    const how = writing === usual ? WRITTEN.likeMost : WRITTEN.otherwise;
    const signs = rest.startsWith(word) ? 0 : WRITTEN.leet + bitsOfSigns(word);
    offer(length, how + bitsOfRank(rank) + signs);
  }
}

/** For each letter that has signs: as it is, or one of two. */
function bitsOfSigns(word: string): number {
  return Math.log2(3) * word.replaceAll(/[^aeiost]/gi, '').length;
}

const LOWER = /^[a-z]*/;
const UPPER = /^[A-Z]+/;

/** Letters as they follow each other in words: in lower case, with a capital, or in capitals. */
export function lettersAt(text: string, at: number, offer: Offer): void {
  const rest = text.slice(at);
  const [capitals = ''] = UPPER.exec(rest) ?? [];
  const [others = ''] = LOWER.exec(rest.slice(Math.min(1, capitals.length))) ?? [];
  const letters =
    capitals.length > 1 ? capitals : rest.slice(0, Math.min(1, capitals.length)) + others;
  let bits = 0;
  let before = '';
  for (const [i, letter] of [...letters.toLowerCase()].entries()) {
    bits += bitsOfLetter(letter, before);
    before = letter;
    offer(i + 1, Math.log2(3) + bitsOfLength(i + 1) + bits);
  }
}
