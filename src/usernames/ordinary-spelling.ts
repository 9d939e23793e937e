/** Characters that keyboards and phones give in several forms for one sign. */
const ONE_SIGN: readonly (readonly [RegExp, string])[] = [
  // As in O’Brien, Hawaiʻi, Oʻktam and ז׳אן.
  [/[\u2018\u2019\u02bb\u05f3]/gu, "'"],
  [/\u05f4/gu, '"'],
  // Hyphens, as in בן־גוריון.
  [/[\u2010\u2011\u05be\u058a]/gu, '-'],
  // Letters of Malayalam, and one of Bengali, that used to be written with a joiner.
  [/\u0d23\u0d4d\u200d/gu, '\u0d7a'],
  [/\u0d28\u0d4d\u200d/gu, '\u0d7b'],
  [/\u0d30\u0d4d\u200d/gu, '\u0d7c'],
  [/\u0d32\u0d4d\u200d/gu, '\u0d7d'],
  [/\u0d33\u0d4d\u200d/gu, '\u0d7e'],
  [/\u0d15\u0d4d\u200d/gu, '\u0d7f'],
  [/\u09a4\u09cd\u200d/gu, '\u09ce'],
  // The Thai and Lao vowel “am”, which NFKC splits, before or behind a tone; fonts draw the split form badly.
  [/\u0e4d([\u0e48-\u0e4b]?)\u0e32/gu, '$1\u0e33'],
  [/\u0ecd([\u0ec8-\u0ecb]?)\u0eb2/gu, '$1\u0eb3'],
];

/** Letters that NFKC splits into two: և, Lao ໜ and ໝ, ĳ, ŀ, ǆ and similar ones; and the ª of Mª. */
const TWO_LETTERS = /[\u0587\u0edc\u0edd\u0132\u0133\u013f\u0140\u01c4-\u01cc\u00aa\u00ba]/gu;

/** A name with one character per sign, as in ordinary spelling. */
export function inOrdinarySpelling(name: string): string {
  const parted = name.replace(TWO_LETTERS, (each) => each.normalize('NFKC'));
  return ONE_SIGN.reduce((written, [several, one]) => written.replace(several, one), parted);
}

/** Removes the vowel from a letter, in the scripts of India and related ones. */
const VIRAMA =
  '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u1039\\u103a\\u17d2]';
/** Arabic letters that join the next letter: all but these. */
const JOINS_NEXT =
  '(?![\\u0621-\\u0625\\u0627\\u0629\\u062f-\\u0632\\u0648\\u0671-\\u0673\\u0675-\\u0677\\u0688-\\u0699\\u06c0\\u06c3-\\u06cb\\u06cd\\u06cf\\u06d2\\u06d3\\u06d5\\u06ee\\u06ef])[\\u0620-\\u064a\\u066e-\\u06d3\\u06fa-\\u06ff\\u0750-\\u077f]';
const JOINS_BEFORE = '(?!\\u0621)[\\u0620-\\u064a\\u066e-\\u06d5\\u06ee-\\u06ff\\u0750-\\u077f]';

/**
 * Characters that are part of a word only in certain positions: joiners and the middle dot of Catalan by RFC 5892, A.1
 * to A.3, Bengali's joiner in র‍্য, and the dot between the syllables of Tibetan.
 */
const IN_PLACE = new RegExp(
  [
    `(?<=${VIRAMA})[\\u200c\\u200d](?=\\p{L})`,
    '(?<=\\u09b0)\\u200d(?=\\u09cd\\u09af)',
    `(?<=${JOINS_NEXT}\\p{Mn}*)\\u200c(?=\\p{Mn}*${JOINS_BEFORE})`,
    '(?<=l)\\u00b7(?=l)|(?<=L)\\u00b7(?=L)',
    '(?<=(?=[\\p{L}\\p{M}])\\p{Script=Tibetan})\\u0f0b(?=(?=\\p{L})\\p{Script=Tibetan})',
  ].join('|'),
  'gu',
);

/** A name without the characters that only ordinary spelling allows in it. */
export function withoutPartsOfSpelling(name: string): string {
  return name.replace(IN_PLACE, '').replaceAll('\u0e33', '\u0e32').replaceAll('\u0eb3', '\u0eb2');
}
