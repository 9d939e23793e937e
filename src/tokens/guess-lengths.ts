/** Bits that say a number from 1, for any number (Elias's gamma code). */
export const bitsOfLength = (length: number) => 2 * Math.floor(Math.log2(length)) + 1;

/** Bits that say the length of a word that is in no list: from two to nine letters, most of them. */
export const bitsOfWordLength = (letters: number) =>
  letters > 9 ? 4.2 + bitsOfLength(letters - 9) : letters > 1 ? 3.2 : 6;
