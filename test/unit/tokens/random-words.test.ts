import { describe, expect, it } from '@jest/globals';
import { isRandomWords } from '../../../src/tokens/random-words.js';

const WORDS = (
  'unlivable reaffirm scallop dwindle plaza gratuity oxidant thimble mower catnip jubilant stucco phrasing ' +
  'wobble embargo crisping'
).split(' ');

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const CAPITALS = WORDS.map(capital);
const UPPER = WORDS.map((word) => word.toUpperCase());

/** The words, with one of them replaced. */
const withOne = (words: readonly string[], at: number, other: string) => words.with(at, other);

describe('sixteen random words are recognized', () => {
  it.each([' ', '-', '_', '.', ','])('with %j between them', (between) => {
    for (const words of [WORDS, CAPITALS, UPPER]) {
      expect(isRandomWords(words.join(between))).toBe(true);
    }
  });

  it.each<[string, string]>([
    ['capitalized, with nothing between them', CAPITALS.join('')],
    ['with a number at the end', `${WORDS.join('-')}2024`],
    ['with a sign at the end', `${WORDS.join(' ')}!`],
    ['among more', [...WORDS, 'hatchet', 'quilt'].join(' ')],
    ['with one of nine letters and one of three', withOne(WORDS, 4, 'zoo').join(' ')],
    ['although five of them are in everybody’s rows', withRows(5)],
    ['of 4.4 letters on average', ofLetters(71)],
    ['although all but one are in order', [...WORDS.toSorted(), 'aardvark'].join(' ')],
  ])('%s', (_how, text) => {
    expect(isRandomWords(text)).toBe(true);
  });
});

describe('words are not taken for random ones', () => {
  it.each<[string, string]>([
    ['if they are fifteen', WORDS.slice(1).join(' ')],
    ['if one comes twice', withOne(WORDS, 3, WORDS[7]!).join(' ')],
    ['if they are in order', WORDS.toSorted().join(' ')],
    ['if they are in the opposite order', WORDS.toSorted().toReversed().join(' ')],
    ['if six of them are in everybody’s rows', withRows(6)],
    ['if they are as short as in sentences', ofLetters(70)],
    ['if one has two letters', withOne(WORDS, 4, 'ab').join(' ')],
    ['if one has ten letters', withOne(WORDS, 4, 'gratuities').join(' ')],
    ['if one is capitalized', withOne(WORDS, 4, 'Plaza').join(' ')],
    ['if one is in small letters among capitalized ones', withOne(CAPITALS, 4, 'plaza').join(' ')],
    ['if one is in capitals among capitalized ones', withOne(CAPITALS, 4, 'PLAZA').join(' ')],
    ['if one capitalized one has two letters', withOne(CAPITALS, 4, 'Ab').join(' ')],
    ['if one capitalized one has ten letters', withOne(CAPITALS, 4, 'Gratuities').join(' ')],
    ['if one in capitals has two letters', withOne(UPPER, 4, 'AB').join(' ')],
    ['if one in capitals has ten letters', withOne(UPPER, 4, 'GRATUITIES').join(' ')],
    ['if the separators differ', `${WORDS.slice(0, 8).join(' ')}-${WORDS.slice(8).join(' ')}`],
    ['with five digits at the end', `${WORDS.join(' ')}20240`],
    ['with a digit in one', withOne(WORDS, 4, 'pl4za').join(' ')],
  ])('%s', (_how, text) => {
    expect(isRandomWords(text)).toBe(false);
  });

  it.each([
    ['small letters', WORDS],
    ['capitalized ones', CAPITALS],
    ['capitals', UPPER],
  ])('with another sign before, within or after one, in %s', (_how, words) => {
    for (const at of [0, 4, 15]) {
      const word = words[at]!;
      for (const other of [`?${word}`, `${word}?`, `${word.slice(0, 3)}?${word.slice(3)}`]) {
        expect(isRandomWords(withOne(words, at, other).join(' '))).toBe(false);
      }
    }
  });
});

/** Sixteen words, so many of which everybody knows in their order. */
function withRows(count: number): string {
  const rows = ['zulu', 'november', 'saturn', 'omega', 'friday', 'twelve'];
  return [...rows.slice(0, count), ...WORDS.slice(count)].join(' ');
}

/** Sixteen words with so many letters: of four and five. */
function ofLetters(count: number): string {
  return WORDS.map((word, i) => word.slice(0, i < count - 64 ? 5 : 4)).join(' ');
}
