const UUID = /[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const HEX_DIGITS = /[0-9a-f]{64,}|[0-9A-F]{64,}/g;

/** No more pieces than this are checked: each costs as much as the whole text. */
const MOST_AT_START = 10;
const MOST_AT_END = 3;

/**
 * The contents of a text without labels such as `prod_`: rows of hexadecimal digits, the text between two signs, and
 * the text without its first or last few parts; the likeliest first. If one of them is random, the secret is.
 */
export function piecesOf(text: string, least: number): string[] {
  const plain = text.replaceAll(UUID, ' ');
  const between = plain.split(/[^A-Za-z0-9+/=]+/).filter((piece) => piece.length >= least);
  const starts = endsOfSigns(plain).slice(0, MOST_AT_START);
  const ends = beginningsOfSigns(plain).slice(-MOST_AT_END);
  const without = [0, ...starts].flatMap((start) =>
    [...ends, plain.length].map((end) => plain.slice(start, end)),
  );
  const pieces = [...(plain.match(HEX_DIGITS) ?? []), ...between, ...without];
  return [...new Set(pieces)].filter((piece) => piece.length >= least && piece !== text);
}

const endsOfSigns = (text: string) =>
  [...text.matchAll(/[^A-Za-z0-9]+/g)].map(({ index, 0: signs }) => index + signs.length);
const beginningsOfSigns = (text: string) =>
  [...text.matchAll(/[^A-Za-z0-9]+/g)].map(({ index }) => index);
