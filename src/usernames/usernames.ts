import { inOrdinarySpelling, withoutPartsOfSpelling } from './ordinary-spelling.js';
import { lookalikeIn } from './scripts-of-a-name.js';

/** The column length in most directories. */
const LONGEST = 255;

/**
 * Everything but letters, their marks, digits, ASCII signs, single spaces and emoji: RFC 8264's IdentifierClass, and
 * what people want in names.
 */
const UNFIT =
  /[^\p{Ll}\p{Lu}\p{Lt}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\x20-\x7e\p{Emoji_Presentation}\u30fb]/u;

/** Emoji that look like signs, letters or digits. */
const SIGNS_OF_EMOJI =
  /[\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b55\u{1f100}-\u{1f2ff}\u{1f4b2}\u{1f51f}-\u{1f524}\u{1f7f0}]/u;

/** Invisible characters, direction marks among them, and blanks other than the space. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;

/** A mark without a letter, one that strikes a letter out, more than four marks, or a dot on a letter that has one. */
const ODD_MARKS =
  /(?<![\p{L}\p{M}])\p{M}|[\u0334-\u0338\u20d0-\u20ff]|\p{Mn}{5}|[ij\u0131\u0237\u0268\u0269\u03b9\u0456\u0458]\u0307/iu;

/** Arabic digits of two kinds, some of which look the same (RFC 5892, A.8). */
const TWO_KINDS_OF_DIGITS = /[\u0660-\u0669].*[\u06f0-\u06f9]|[\u06f0-\u06f9].*[\u0660-\u0669]/u;

/**
 * A name prepared by RFC 8265's UsernameCasePreserved profile: wide and narrow forms become the usual ones, in NFC.
 * Different characters that keyboards have for the same sign become one.
 */
export function preparedName(name: string): string {
  const usual = name.replace(/[\u3000\uff01-\uffee]/gu, (each) => each.normalize('NFKC'));
  return inOrdinarySpelling(usual.normalize('NFC')).normalize('NFC');
}

/** The key by which two names are equal (RFC 8265's UsernameCaseMapped profile): the prepared name in lower case. */
export function mappedName(name: string): string {
  return preparedName(name).toLowerCase().replaceAll('i\u0307', 'i').normalize('NFC');
}

/**
 * Why a name can't be registered, as a sentence for the user, or null. Users who already have such a name can still log
 * in.
 */
export function nameRefusal(name: string): string | null {
  const prepared = preparedName(name);
  const plain = withoutPartsOfSpelling(prepared);
  const unseen = UNSEEN.exec(plain)?.[0];
  if (unseen !== undefined) {
    return `must not have invisible characters, or characters that change the direction of writing: ${named(unseen)}`;
  }
  if (/^ | $| {2}/u.test(prepared)) {
    return 'must not begin or end with a space, or have two in a row';
  }
  const unfit = UNFIT.exec(plain)?.[0] ?? SIGNS_OF_EMOJI.exec(plain)?.[0] ?? otherForm(plain);
  if (unfit !== undefined) {
    return `must be of letters, digits and the signs of ASCII: ${named(unfit)} is none of these`;
  }
  if (ODD_MARKS.test(plain) || /(\p{M})\1/u.test(plain.normalize('NFD'))) {
    return 'must not have marks that no script puts there';
  }
  if (!/[\p{L}\p{N}]/u.test(prepared)) return 'must have a letter or a digit';
  const other = lookalikeIn(prepared) ?? TWO_KINDS_OF_DIGITS.exec(prepared)?.[0].at(-1);
  if (other !== undefined) {
    return `must not mix letters of different scripts, or use letters that pass for others: see ${named(other)}`;
  }
  return mappedName(name).length > LONGEST ? 'is too long when written in full' : null;
}

/** A compatibility form of another character, such as a ligature. */
function otherForm(name: string): string | undefined {
  return [...name].find((each) => each !== each.normalize('NFKC'));
}

/** A character with its code point, and itself if it is visible, so that a person can find it. */
function named(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return UNSEEN.test(character) ? `U+${code}` : `“${character}” (U+${code})`;
}
