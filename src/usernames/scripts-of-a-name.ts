import { UNUSED_LOOKALIKES } from './lookalike-letters.js';

/** Scripts that are written together in one language. */
const TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** The other scripts in which people write names today (Unicode's UAX 31, table 5). */
const ALONE =
  'Greek Cyrillic Armenian Georgian Hebrew Arabic Thaana Ethiopic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil ' +
  'Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer';

/**
 * UTS 39's "highly restrictive" level: text in one of these sets has no letter that looks like one of another script.
 */
const WAYS = [...TOGETHER, ...ALONE.split(' ').map((script) => [script])].map((scripts) => {
  const allowed = [...scripts, 'Common', 'Inherited'].map((script) => `\\p{scx=${script}}`);
  return new RegExp(`^[${allowed.join('')}]*$`, 'u');
});

/** Latin letters used in orthographies. Others are for phonetics and similar uses, and some of them look like these. */
const USUAL_LATIN =
  /[A-Za-z\u00c0-\u01bf\u01c4-\u024f\u1e00-\u1eff\u0253\u0254\u0256\u0257\u0259\u025b\u0260\u0263\u0268\u0269\u0272\u0283\u0289\u028a\u028b\u0292]/u;
/** Those of them that no orthography uses today (UTS 39's identifier types). */
const LATIN_OF_OLD = /[\u0138\u01b9\u01bf\u01f6\u01f7\u021c\u021d\u0237]/u;
const UNUSUAL = new RegExp(
  `[${UNUSED_LOOKALIKES}]|${LATIN_OF_OLD.source}|(?!${USUAL_LATIN.source})\\p{Script=Latin}`,
  'u',
);

/** Letters without a script, and sound modifiers such as U+02BC, which looks like an apostrophe. */
const LETTER_OF_NO_SCRIPT = /(?=\p{L})[\p{scx=Common}\p{scx=Inherited}]|[\u02b0-\u02ff]/u;

/** Signs written among ideographs, and ideographs that look like an ASCII sign when they are alone. */
const IDEOGRAPHS =
  /[\p{Script=Han}\p{Script=Hira}\p{Script=Kana}\p{Script=Bopo}\p{Script=Hang}\u30fb\u30fc]+/gu;
const SIGNS_ALONE = /^[\u4e00\u4e28\u4e36\u4e3f\u30ce\u30fb\u30fc]+$/u;

/** Whether a name, or a part of an e-mail address, has letters that look like those of another script. */
export function hasLookalikeMix(name: string): boolean {
  return lookalikeIn(name) !== undefined;
}

/** A letter that looks like one of another script, or that belongs to another script than the first letter. */
export function lookalikeIn(name: string): string | undefined {
  const [unusual] = UNUSUAL.exec(name) ?? LETTER_OF_NO_SCRIPT.exec(name) ?? [];
  return (
    unusual ??
    partsOf(name)
      .map(oddOneIn)
      .find((each) => each !== undefined)
  );
}

function oddOneIn(part: string): string | undefined {
  const sign = signOfIdeographs(part);
  if (sign !== undefined) return sign;
  if (isInOneWay(part)) return undefined;
  const end = Array.from(part).findIndex((_, i, all) => !isInOneWay(all.slice(0, i + 1).join('')));
  return Array.from(part)[end];
}

function isInOneWay(part: string): boolean {
  return WAYS.some((way) => way.test(part));
}

/** For example the ideograph for one in `boss一x`, which looks like a hyphen. */
function signOfIdeographs(part: string): string | undefined {
  const runs = part.match(IDEOGRAPHS) ?? [];
  return runs.find((run) => run !== part && SIGNS_ALONE.test(run));
}

/** The parts that are each in one script: for an e-mail address the local part, and each label of the domain. */
function partsOf(name: string): string[] {
  const [local, domain, ...more] = name.split('@');
  if (!local || !domain || more.length > 0) return [name];
  return [local, ...domain.split('.')];
}
