import { described } from '../errors/described.js';

const LONGEST = 255;

/** The text of a value that was converted to a string by mistake: all users would share it. */
const NO_NAME = new RegExp(
  [
    String.raw`^(true|false|-?Infinity|NULL|Null|\(null\)|<(null|nil)>|Invalid Date|Symbol\(.*\)|Promise \{.*)$`,
    // Also at the end, as in a provider's name followed by a missing id.
    String.raw`(^|[^\p{L}\p{N}])(undefined|NaN)$|(^|[|:#])(null|None|nil)$`,
    // The nil UUID and an ObjectId of zeros: the value of a column or variable before it is set.
    String.raw`(^|[^\p{L}\p{N}])\{?(0{8}-(0{4}-){3}0{12}|0{24}|0{32})\}?$`,
    String.raw`\[object \w+\]`,
    // The source of a function or class, the text of a date, a number that has lost its last digits.
    String.raw`^(async )?(function|class)\b[^]*\{|^(async )?[\w($][^=]*=>`,
    String.raw`^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} .*GMT`,
    String.raw`^-?\d(\.\d+)?e\+\d+$`,
  ].join('|'),
  'u',
);

/** Invisible characters, which some databases ignore. Joiners and variation selectors are parts of words and emoji. */
const UNSEEN =
  /(?!\p{Join_Control}|\p{Variation_Selector}|[\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}|^\p{Join_Control}|\p{Join_Control}$/u;

/** Describes a valid id, for a message to a developer. */
export const WHAT_AN_ID_IS =
  'a text of 1 to 255 characters without control or invisible characters or spaces around it, a whole number, a bigint, or an object with toHexString()';

/**
 * A user's id as the text used in tokens and in the store, or null. A value without a unique text is not converted:
 * `[object Promise]`, `NaN` or a date would be the same user for every login.
 */
export function userIdOf(value: unknown): string | null {
  if (typeof value === 'string') return isIdText(value) ? value : null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : null;
  }
  return hexOf(value);
}

/** Describes the mistake in an id, in a few words. */
export function describedId(value: unknown): string {
  if (typeof value !== 'string' || value === '') return described(value);
  if (value.length > LONGEST) return `a text of ${value.length} characters`;
  if (NO_NAME.test(value)) return `the text “${value.slice(0, 40)}”`;
  return 'a text with control or invisible characters, halves of characters, or spaces around it, or of signs alone';
}

/** Whether the id that came back is the one requested; UUIDs and ObjectIds may come back in another case. */
export function isSameId(one: string, other: string): boolean {
  return one === other || (isHex(one) && one.toLowerCase() === other.toLowerCase());
}

/** The texts that name the same user as this one: {@link isSameId}. */
export function sameIds(id: string): string[] {
  return isHex(id) ? [...new Set([id, id.toLowerCase(), id.toUpperCase()])] : [id];
}

function isIdText(text: string): boolean {
  return (
    text.length <= LONGEST &&
    /^\S(.*\S)?$/su.test(text) &&
    // U+FFFD replaces any character that could not be decoded, so it may mean any of them.
    !/[\p{Cc}\p{Cs}\u2028\u2029\ufffd]/u.test(text) &&
    !UNSEEN.test(text) &&
    /(?!\u2800)[\p{L}\p{N}\p{So}]/u.test(text) &&
    !NO_NAME.test(text)
  );
}

/** MongoDB's ObjectId, or any other object with toHexString(). */
function hexOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { toHexString } = value as { toHexString?: unknown };
  if (typeof toHexString !== 'function') return null;
  const hex: unknown = toHexString.call(value);
  return typeof hex === 'string' && isHexDigits(hex) ? userIdOf(hex) : null;
}

function isHexDigits(text: string): boolean {
  return /^[0-9a-f]+(-[0-9a-f]+)*$/i.test(text);
}

function isHex(text: string): boolean {
  return text.length >= 24 && isHexDigits(text);
}
