/** Scripts that are written together. */
const TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** The other scripts that people write names in today (Unicode's UAX 31, table 5). */
const ALONE =
  'Greek Cyrillic Armenian Georgian Hebrew Arabic Thaana Ethiopic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil ' +
  'Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer';

/** UTS 39's "highly restrictive" level: what is written in one of these ways has no letter that passes for another's. */
const WAYS = [...TOGETHER, ...ALONE.split(' ').map((script) => [script])].map((scripts) => {
  const allowed = [...scripts, 'Common', 'Inherited'].map((script) => `\\p{scx=${script}}`);
  return new RegExp(`^[${allowed.join('')}]*$`, 'u');
});

/** Latin letters of orthographies; the others are for phonetics and the like, and some pass for these. */
const USUAL_LATIN =
  /[A-Za-z\u00c0-\u01bf\u01c4-\u024f\u1e00-\u1eff\u0253\u0254\u0256\u0257\u0259\u025b\u0260\u0263\u0268\u0269\u0272\u0283\u0289\u028a\u028b\u0292]/u;
const UNUSUAL_LATIN = new RegExp(`(?!${USUAL_LATIN.source})\\p{Script=Latin}`, 'u');

/** Letters of no script, and modifiers of sound such as U+02BC, which passes for an apostrophe. */
const LETTER_OF_NO_SCRIPT = /(?=\p{L})[\p{scx=Common}\p{scx=Inherited}]|[\u02b0-\u02ff]/u;

/** Whether a name, or a part of an e-mail address, has letters that pass for those of another script. */
export function hasLookalikeMix(name: string): boolean {
  if (UNUSUAL_LATIN.test(name) || LETTER_OF_NO_SCRIPT.test(name)) return true;
  return partsOf(name).some((part) => !WAYS.some((way) => way.test(part)));
}

/** What is in one script by itself: of an e-mail address the local part, and each label of the domain. */
function partsOf(name: string): string[] {
  const [local, domain, ...more] = name.split('@');
  if (!local || !domain || more.length > 0) return [name];
  return [local, ...domain.split('.')];
}

/** Letters of other scripts, small and capital, above the Latin ones that they pass for; all by their small form. */
const TWINS: readonly (readonly [letters: string, latin: string])[] = [
  ['аԁеһіјӏорԛѕсхуѵԝвкмнт', 'adehijlopqscxyvwbkmht'],
  ['αβεζηικμνορτυχγ', 'abezhikmnoptyxy'],
  ['օսհոցզյ', 'ouhngqj'],
  ['ı', 'i'],
];

/**
 * The Latin name that a mapped name passes for: of `сара`, all Cyrillic and a good name, that is `capa`. Null where some
 * letter of the name passes for no Latin one, or none is of another script.
 */
export function latinTwin(mapped: string): string | null {
  const latin = new Map(
    TWINS.flatMap(([letters, twins]) =>
      Array.from(letters, (letter, index) => [letter, twins[index]!] as const),
    ),
  );
  const twin = Array.from(mapped, (letter) => latin.get(letter) ?? letter).join('');
  return twin !== mapped && /^[\x20-\x7e]*$/u.test(twin) ? twin : null;
}
