import { described } from '../errors/described.js';

const LONGEST = 255;

/** What becomes of anything that is made into a text without a look at it: all users would share it. */
const NO_NAME = new RegExp(
  [
    String.raw`^(true|false|-?Infinity|NULL|Null|\(null\)|<(null|nil)>|Invalid Date|Symbol\(.*\)|Promise \{.*)$`,
    // At the end too, as of a provider's name and an id that was not there.
    String.raw`(^|[^\p{L}\p{N}])(undefined|NaN)$|(^|[|:#])(null|None|nil)$`,
    // The nil UUID and an ObjectId of nothing: what a column or a variable has before anything is put there.
    String.raw`(^|[^\p{L}\p{N}])\{?(0{8}-(0{4}-){3}0{12}|0{24}|0{32})\}?$`,
    String.raw`\[object \w+\]`,
    // The source of a function or a class, the text of a date, a number that has lost its last digits.
    String.raw`^(async )?(function|class)\b[^]*\{|^(async )?[\w($][^=]*=>`,
    String.raw`^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} .*GMT`,
    String.raw`^-?\d(\.\d+)?e\+\d+$`,
  ].join('|'),
  'u',
);

/** What nobody sees, and some databases skip; joiners and variants are parts of words and emoji. */
const UNSEEN =
  /(?!\p{Join_Control}|\p{Variation_Selector}|[\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}|^\p{Join_Control}|\p{Join_Control}$/u;

/** What an id is, for a sentence to a developer. */
export const WHAT_AN_ID_IS =
  'a text of 1 to 255 characters without control or invisible characters or spaces around it, a whole number, a bigint, or an object with toHexString()';

/**
 * A user's id as the text that it is in tokens and in the store, or null. Nothing is made into a text that has no text of
 * its own: `[object Promise]`, `NaN` or a date would be one and the same user, whoever logs in.
 */
export function userIdOf(value: unknown): string | null {
  if (typeof value === 'string') return isIdText(value) ? value : null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : null;
  }
  return hexOf(value);
}

/** What is wrong with an id, in a few words. */
export function describedId(value: unknown): string {
  if (typeof value !== 'string' || value === '') return described(value);
  if (value.length > LONGEST) return `a text of ${value.length} characters`;
  if (NO_NAME.test(value)) return `the text “${value.slice(0, 40)}”`;
  return 'a text with control or invisible characters, halves of characters, or spaces around it, or of signs alone';
}

/** Whether an id that was asked for is the one that came back; UUIDs and ObjectIds may change their case on the way. */
export function isSameId(one: string, other: string): boolean {
  return one === other || (isHex(one) && one.toLowerCase() === other.toLowerCase());
}

function isIdText(text: string): boolean {
  return (
    text.length <= LONGEST &&
    /^\S(.*\S)?$/su.test(text) &&
    // U+FFFD is what is left of a character that could not be read: of any.
    !/[\p{Cc}\p{Cs}\u2028\u2029\ufffd]/u.test(text) &&
    !UNSEEN.test(text) &&
    /(?!\u2800)[\p{L}\p{N}\p{So}]/u.test(text) &&
    !NO_NAME.test(text)
  );
}

/** MongoDB's ObjectId, and whatever else has a method of that name. */
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
