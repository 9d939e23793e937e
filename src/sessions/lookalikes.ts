import { LOOKALIKE_LETTERS } from './lookalike-letters.js';
import { hasLookalikeMix } from './scripts-of-a-name.js';

/** More aren't looked for: each is a question to the directory, and all are asked at once. */
const MOST = 7;

const PAIRS = Object.values(LOOKALIKE_LETTERS).map((pairs) =>
  pairs.split(' ').map((pair) => {
    const [letter = '', ...latin] = pair;
    return [letter, latin.join('')] as const;
  }),
);
const LATIN_FOR = new Map(PAIRS.flat());

/** For each script: the small letters that pass for a Latin one. */
const SPELLINGS = PAIRS.map((pairs) => {
  const letters = new Map<string, Set<string>>();
  for (const [letter, latin] of pairs) {
    letters.set(latin, (letters.get(latin) ?? new Set()).add(letter.toLowerCase()));
  }
  return letters;
});

/**
 * The small Latin names that a name of other letters passes for, in small letters, in capitals, or as it is written: of
 * `сара`, all Cyrillic and a good name, that is `capa`. Empty where some letter passes for no Latin one.
 */
export function latinReadings(name: string): string[] {
  const plain = name.normalize('NFD');
  const readings = [plain, plain.toLowerCase(), plain.toUpperCase()].map((written) =>
    Array.from(written, readingOf).join('').toLowerCase().normalize('NFC'),
  );
  const isRead = (reading: string) =>
    reading !== name.toLowerCase() && /^[\x20-\x7e\p{M}\p{Script=Latin}]*$/u.test(reading);
  return [...new Set(readings)].filter(isRead);
}

/** What a letter passes for, or else its capital or small form does. */
function readingOf(letter: string): string {
  const forms = [letter, letter.toUpperCase(), letter.toLowerCase()];
  return forms.map((form) => LATIN_FOR.get(form)).find((latin) => latin !== undefined) ?? letter;
}

/**
 * The other names, in small letters, that a name passes for: the Latin ones, and those of one other script, whichever
 * it is. By UTS 39 names pass for each other that have one skeleton; these are found without the app keeping any.
 */
export function lookalikesOf(name: string): string[] {
  const small = name.toLowerCase();
  const readings = latinReadings(name);
  const spelled = [wholly, partly].flatMap((way) =>
    [small, ...readings].flatMap((each) => spellingsOf(each, way)),
  );
  const others = new Set([...readings, ...spelled]);
  others.delete(small);
  return [...others].slice(0, MOST);
}

/** A Latin name in the letters of other scripts; of an e-mail address the part before the `@`. */
function spellingsOf(latin: string, way: typeof wholly): string[] {
  const [local = '', ...domain] = latin.split('@');
  const plain = local.normalize('NFD');
  return SPELLINGS.flatMap((letters) => way(plain, letters))
    .map((each) => [each, ...domain].join('@').normalize('NFC'))
    .filter((each) => !hasLookalikeMix(each));
}

/** Every letter in another script, the same one always in the same way. */
function wholly(plain: string, letters: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const distinct = new Set(plain.match(/\p{L}/gu));
  return [...distinct].reduce<string[]>(
    (spellings, latin) =>
      [...(letters.get(latin) ?? [])]
        .flatMap((letter) => spellings.map((each) => each.replaceAll(latin, letter)))
        .slice(0, MOST),
    distinct.size === 0 ? [] : [plain],
  );
}

/** One letter in another way, as Latin has some: wherever it is, or in one place. */
function partly(plain: string, letters: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...letters].flatMap(([latin, others]) => {
    const pieces = plain.split(latin);
    const places = pieces.slice(1).map((_, i) => i + 1);
    const put = (letter: string, at: number) =>
      `${pieces.slice(0, at).join(latin)}${letter}${pieces.slice(at).join(latin)}`;
    return [...others]
      .filter(() => places.length > 0)
      .flatMap((letter) => [pieces.join(letter), ...places.map((at) => put(letter, at))]);
  });
}
