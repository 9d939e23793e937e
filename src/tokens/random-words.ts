import { COMMON_WORDS } from './common-words.js';

/**
 * With the 11 bits per word of BIP 39's list, the shortest of the usual lists: 176 bits, as in 30 letters and digits.
 */
const LEAST_WORDS = 16;

/** Least average length of the words: EFF's list has 7 letters, BIP 39's 5.4, sentences in simple words 4. */
const LEAST_LETTERS = 4.4;

/**
 * The words used in sentences. A list contains them among thousands of others: one in 500 draws of sixteen BIP 39 words
 * has too many of them.
 */
const OF_SENTENCES = 500;
const MOST_OF_SENTENCES = 1 / 3;

const BETWEEN = [' ', '-', '_', '.', ',', ''];

/** Words with an order of their own, or with a position in it that everybody knows. */
const ROWS =
  'alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec ' +
  'romeo sierra tango uniform victor whiskey xray yankee zulu one two three four five six seven eight nine ten eleven ' +
  'twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty monday tuesday wednesday thursday friday ' +
  'saturday sunday january february march april may june july august september october november december spring summer ' +
  'autumn winter red orange yellow green blue indigo violet black white mercury venus earth mars jupiter saturn uranus ' +
  'neptune pluto beta gamma epsilon zeta eta theta iota kappa lambda omicron rho sigma tau upsilon phi chi psi omega';

/**
 * Whether a text is a passphrase drawn from a word list (EFF's, BIP 39's, proquints): at least sixteen different words
 * of three to nine letters each, written in the same way, in no order. A sentence in any language has shorter words,
 * longer ones or repetitions.
 */
export function isRandomWords(text: string): boolean {
  return BETWEEN.some((between) => {
    const words = wordsOf(text, between);
    return words !== null && areFromList(words);
  });
}

/** The words in lower case, without a number at the end; null if the text contains anything else. */
function wordsOf(text: string, between: string): string[] | null {
  const plain = text.replace(/[\d!]{0,4}$/, '');
  const words = between === '' ? plain.split(/(?<=[a-z])(?=[A-Z])/) : plain.split(between);
  const isAlike = [/^[a-z]{3,9}$/, /^[A-Z][a-z]{2,8}$/, /^[A-Z]{3,9}$/].some((form) =>
    words.every((word) => form.test(word)),
  );
  return isAlike ? words.map((word) => word.toLowerCase()) : null;
}

function areFromList(words: readonly string[]): boolean {
  const frequent = new Set([...COMMON_WORDS.slice(0, OF_SENTENCES), ...ROWS.split(' ')]);
  const ofSentences = words.filter((word) => frequent.has(word));
  return (
    new Set(words).size === words.length &&
    words.length >= LEAST_WORDS &&
    words.join('').length >= LEAST_LETTERS * words.length &&
    ofSentences.length <= words.length * MOST_OF_SENTENCES &&
    !isInOrder(words) &&
    !isInOrder(words.toReversed())
  );
}

function isInOrder(words: readonly string[]): boolean {
  return words.every((word, i) => i === 0 || words[i - 1]! <= word);
}
