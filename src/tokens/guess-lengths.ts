/** Bits that say a number from 1, for any number (Elias's gamma code). */
export const bitsOfLength = (length: number) => 2 * Math.floor(Math.log2(length)) + 1;
