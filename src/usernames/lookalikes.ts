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

/**
 * Letters that may stand beside each other and that fonts draw alike, in some place in a word or as capitals (of UTS 39's
 * confusables those that hardly a reader tells apart). Where languages differ in them, by language: Arabic's, Farsi's.
 */
const WITHIN = [
  'كکڪ يیى ئۓ هہھە ةۃ تٺ ٠۰ ١۱ ٢۲ ٣۳ ٦۶ ٨۸ ٩۹',
  '二ニ 八ハ 力カ 卜ト 口ロ囗 夕タ 工エ 一ー へヘ べベ ぺペ',
  '戶戸 値值 晚晩 黑黒 郎郞 啓啟 併倂 研硏 絕絶 鎭鎮 填塡',
  'đðɖ əǝ ăǎ ĕě ğǧ ĭǐ ŏǒ ŭǔ şș ţț',
]
  .flatMap((groups) => groups.split(' '))
  .map((group) => Array.from(group));

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
  const readings = [plain, plain.toLowerCase(), plain.toUpperCase()].flatMap((written) =>
    [readingOf, readingWithI].map((read) =>
      Array.from(written, read).join('').toLowerCase().normalize('NFC'),
    ),
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

/** A capital that passes for a small L passes for a capital I as well. */
function readingWithI(letter: string): string {
  const reading = readingOf(letter);
  return reading === 'l' && letter !== 'l' && /\p{Lu}/u.test(letter) ? 'i' : reading;
}

/**
 * The other names, in small letters, that a name passes for: the Latin ones, and those of one other script, whichever
 * it is, and those of other letters of its own. By UTS 39 names pass for each other that have one skeleton; these are found without the app keeping any.
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

/** All such letters as one language has them, or those of one group in another way; and a name without its joiners. */
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
