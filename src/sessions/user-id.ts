import { described } from '../errors/described.js';

const LONGEST = 255;

/** What becomes of anything that is made into a text without a look at it: all users would share it. */
const NO_NAME = /^(\[object .*\]|undefined|null|NaN|Infinity|-Infinity|true|false)$/;

/** What an id is, for a sentence to a developer. */
export const WHAT_AN_ID_IS =
  'a text of 1 to 255 characters without control characters or spaces around it, a whole number, a bigint, or an object with toHexString()';

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
  return 'a text with control characters, halves of characters, or spaces around it';
}

/** Whether an id that was asked for is the one that came back; UUIDs and ObjectIds may change their case on the way. */
export function isSameId(one: string, other: string): boolean {
  return one === other || (isHex(one) && one.toLowerCase() === other.toLowerCase());
}

function isIdText(text: string): boolean {
  return (
    text.length <= LONGEST &&
    /^\S(.*\S)?$/su.test(text) &&
    !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text) &&
    !NO_NAME.test(text)
  );
}

/** MongoDB's ObjectId, and whatever else has a method of that name. */
function hexOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { toHexString } = value as { toHexString?: unknown };
  if (typeof toHexString !== 'function') return null;
  const hex: unknown = toHexString.call(value);
  return typeof hex === 'string' && hex.length <= LONGEST && isHexDigits(hex) ? hex : null;
}

function isHexDigits(text: string): boolean {
  return /^[0-9a-f]+(-[0-9a-f]+)*$/i.test(text);
}

function isHex(text: string): boolean {
  return text.length >= 24 && isHexDigits(text);
}
