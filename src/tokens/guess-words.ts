import { COMMON_WORDS } from './common-words.js';
import type { Offer } from './guess-bits.js';
import { bitsOfWordLength } from './guess-lengths.js';
import { bitsOfLetter } from './letter-pairs.js';

/** How most words of a text are written, and what separates them: described once, at its start. */
export interface Style {
  writing: Writing;
  between: string;
  hasLeet: boolean;
}
const WRITINGS = ['lower', 'capital', 'upper'] as const;
type Writing = (typeof WRITINGS)[number];
const BETWEEN = ['', ' ', '-', '_', '.'];
export const BITS_OF_STYLE = Math.log2(WRITINGS.length * BETWEEN.length * 2);

export function styleOf(text: string): Style {
  const pieces = text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
  return {
    writing: most(
      WRITINGS,
      (writing) => pieces.filter((piece) => writingOf(piece) === writing).length,
    ),
    between: most(BETWEEN, (between) => (between === '' ? 1.5 : text.split(between).length)),
    hasLeet: (text.match(/[A-Za-z][0134571@$](?=[A-Za-z])/g) ?? []).length > 1,
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

/** Written as most words are, or in one of the two other ways. */
const WRITTEN = { likeMost: 0.4, otherwise: 4 };
/** With or without digits for letters, depending on whether some words of the text have them. */
const LEETED = { usual: { with: 1, without: 1 }, unusual: { with: 4, without: 0.1 } };
/** Followed by the usual separator, by nothing, or by one of the other three. */
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

/** For a number from 0: which of thirteen powers of two is above it, and its position below that. */
const bitsOfRank = (rank: number) => Math.log2(13) + Math.floor(Math.log2(rank + 1));

let ranks: ReadonlyMap<string, number> | undefined;

export function wordsAt(text: string, at: number, style: Style, offer: Offer): void {
  const offerFollowed = followed(text, at, style, offer);
  ranks ??= new Map(COMMON_WORDS.map((word, rank) => [word, rank]));
  const rest = text.slice(at, at + LONGEST_WORD);
  const plain = plainOf(rest);
  for (let length = 1; length <= rest.length; length += 1) {
    const word = plain.slice(0, length);
    const rank = ranks.get(word.toLowerCase());
    const writing = rank === undefined ? null : writingOf(word);
    if (rank === undefined || writing === null) continue;
    const signs = bitsOfSigns(word, rest.startsWith(word), style);
    offerFollowed(length, bitsOfWriting(writing, style) + bitsOfRank(rank) + signs);
  }
}

/** Adds a separator, and its cost. */
function followed(text: string, at: number, { between }: Style, offer: Offer): Offer {
  return (length, bits) => {
    offer(length, bits + (between === '' ? FOLLOWED.likeMost : FOLLOWED.otherwise));
    const next = text.charAt(at + length);
    if (next !== '' && BETWEEN.includes(next)) {
      offer(length + 1, bits + (next === between ? FOLLOWED.likeMost : FOLLOWED.otherwise));
    }
  };
}

const plainOf = (text: string) => [...text].map((sign) => LEET[sign] ?? sign).join('');

const bitsOfWriting = (writing: Writing, usual: Style) =>
  writing === usual.writing ? WRITTEN.likeMost : WRITTEN.otherwise;

/** If there are digits for letters: for each letter that has such signs, the letter itself or one of two signs. */
function bitsOfSigns(word: string, isPlain: boolean, { hasLeet }: Style): number {
  const leeted = LEETED[hasLeet ? 'usual' : 'unusual'];
  if (isPlain) return leeted.without;
  return leeted.with + Math.log2(3) * word.replaceAll(/[^aeiost]/gi, '').length;
}

const WORD = /^([A-Z][a-z]*|[a-z]+)/;
const CAPITALS = /^[A-Z]{2,}/;

/** Letters in the order usual in words: in lower case, capitalized, or in capitals. */
export function lettersAt(text: string, at: number, style: Style, offer: Offer): void {
  const rest = text.slice(at);
  const plain = style.hasLeet ? plainOf(rest) : rest;
  const offerFollowed = followed(text, at, style, offer);
  for (const form of [WORD, CAPITALS]) {
    const [letters = ''] = form.exec(plain) ?? [];
    let bits = 0;
    let before = '';
    for (const [i, letter] of [...letters.toLowerCase()].entries()) {
      bits += bitsOfLetter(letter, before);
      before = letter;
      const part = letters.slice(0, i + 1);
      const signs = bitsOfSigns(part, rest.startsWith(part), style);
      const how = bitsOfWriting(writingOf(part) ?? 'lower', style) + bitsOfWordLength(i + 1);
      offerFollowed(i + 1, how + signs + bits);
    }
  }
}
