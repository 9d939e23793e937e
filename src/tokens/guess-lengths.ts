/** Bits that describe any number from 1 (Elias's gamma code). */
export const bitsOfLength = (length: number) => 2 * Math.floor(Math.log2(length)) + 1;

/** Bits that describe the length of a word that is in no list; most are two to nine letters long. */
export const bitsOfWordLength = (letters: number) =>
  letters > 9 ? 4.2 + bitsOfLength(letters - 9) : letters > 1 ? 3.2 : 6;
