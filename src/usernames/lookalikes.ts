import { LOOKALIKE_LETTERS } from './lookalike-letters.js';
import { hasLookalikeMix } from './scripts-of-a-name.js';

/** Most similar names to check: each one is a query to the directory, and all run at once. */
const MOST = 7;

const PAIRS = Object.values(LOOKALIKE_LETTERS).map((pairs) =>
  pairs.split(' ').map((pair) => {
    const [letter = '', ...latin] = pair;
    return [letter, latin.join('')] as const;
  }),
);
const LATIN_FOR = new Map(PAIRS.flat());

/**
 * Letters of one script that fonts draw alike, in some position in a word or as capitals (only those of UTS 39's
 * confusables that hardly any reader can distinguish). Listed per language where languages differ in them: Arabic,
 * Farsi.
 */
const WITHIN = [
  'كکڪ يیى ئۓ هہھە ةۃ تٺ ٠۰ ١۱ ٢۲ ٣۳ ٦۶ ٨۸ ٩۹',
  '二ニ 八ハ 力カ 卜ト 口ロ囗 夕タ 工エ 一ー へヘ べベ ぺペ',
  '戶戸 値值 晚晩 黑黒 郎郞 啓啟 併倂 研硏 絕絶 鎭鎮 填塡',
  'đðɖ əǝ ăǎ ĕě ğǧ ĭǐ ŏǒ ŭǔ şș ţț',
]
  .flatMap((groups) => groups.split(' '))
  .map((group) => Array.from(group));

/** For each script: the small letters that look like a Latin letter. */
const SPELLINGS = PAIRS.map((pairs) => {
  const letters = new Map<string, Set<string>>();
  for (const [letter, latin] of pairs) {
    letters.set(latin, (letters.get(latin) ?? new Set()).add(letter.toLowerCase()));
  }
  return letters;
});

/**
 * The small Latin names that a name in another script looks like, in small letters, in capitals, or as written: for
 * `сара`, all Cyrillic and a valid name, that is `capa`. Empty if some letter looks like no Latin letter.
 */
export function latinReadings(name: string): string[] {
  const plain = name.normalize('NFD');
  const readings = [plain, plain.toLowerCase(), plain.toUpperCase()].flatMap((written) =>
    [readingOf, readingWithI].map((read) =>
      Array.from(written, read).join('').toLowerCase().normalize('NFC'),
    ),
  );
  const isRead = (reading: string) =>
    reading !== name.toLowerCase() && /^[\x20-\x7e\p{M}\p{Script=Latin}]*$/u.test(reading);
  return [...new Set(readings)].filter(isRead);
}

/** The letters that a letter, or its capital or small form, looks like. */
function readingOf(letter: string): string {
  const forms = [letter, letter.toUpperCase(), letter.toLowerCase()];
  return forms.map((form) => LATIN_FOR.get(form)).find((latin) => latin !== undefined) ?? letter;
}

/** A capital that looks like a small L also looks like a capital I. */
function readingWithI(letter: string): string {
  const reading = readingOf(letter);
  return reading === 'l' && letter !== 'l' && /\p{Lu}/u.test(letter) ? 'i' : reading;
}

/**
 * The other names, in small letters, that a name looks like: the Latin ones, those of one other script (any), and those
 * with other letters of its own script. By UTS 39 names that look alike have the same skeleton; this finds them without
 * the app storing a skeleton.
 */
export function lookalikesOf(name: string): string[] {
  const small = name.toLowerCase();
  const readings = latinReadings(name);
  const spelled = [wholly, partly].flatMap((way) =>
    [small, ...readings].flatMap((each) => spellingsOf(each, way)),
  );
  const others = new Set([...readings, ...spelledWithin(small), ...spelled]);
  others.delete(small);
  return [...others].slice(0, MOST);
}

/**
 * Variants of the name: with all these letters as one language writes them, or with one group of them written in
 * another way; and the name without joiners.
 */
function spelledWithin(small: string): string[] {
  const groups = WITHIN.filter((group) => group.some((letter) => small.includes(letter)));
  const ways = [0, 1, 2].map((at) => groups.map((group) => [group, group[at]] as const));
  const single = groups.flatMap((group) => group.map((letter) => [[group, letter] as const]));
  return [
    ...[...ways, ...single].map((way) =>
      way.reduce(
        (name, [group, letter]) =>
          letter === undefined ? name : name.replaceAll(oneOf(group), letter),
        small,
      ),
    ),
    small.replaceAll(/\p{Join_Control}/gu, ''),
  ];
}

const oneOf = (group: readonly string[]) => new RegExp(`[${group.join('')}]`, 'gu');

/** A Latin name in the letters of other scripts; of an e-mail address only the part before the `@`. */
function spellingsOf(latin: string, way: typeof wholly): string[] {
  const [local = '', ...domain] = latin.split('@');
  const plain = local.normalize('NFD');
  return SPELLINGS.flatMap((letters) => way(plain, letters))
    .map((each) => [each, ...domain].join('@').normalize('NFC'))
    .filter((each) => !hasLookalikeMix(each));
}

/** Replaces every letter by one of another script, equal letters always by the same one. */
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

/** Replaces one Latin letter by a similar one: everywhere, or in one position. */
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
