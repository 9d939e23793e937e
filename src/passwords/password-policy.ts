import { Logger } from '@nestjs/common';
import { described } from '../errors/described.js';
import { textOf } from '../errors/text-of.js';
import { repeatedPiece } from '../runtime/repetition.js';
import { LONGEST_RESPONSE_MS } from '../runtime/time-bounds.js';
import { withinTime } from '../runtime/time-limit.js';
import { commonPasswords } from './common-passwords.js';

export { LONGEST_PASSWORD } from '../options/password-bounds.js';

/** Whether a text can be hashed as it is: every unpaired surrogate would become the same U+FFFD. */
export function isUnicode(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

/**
 * Whether a password is known to have leaked. The check must not keep users out: if it fails, or takes longer than four
 * seconds, the password counts as not leaked, and the failure is logged.
 */
export type BreachCheck = (password: string) => Promise<boolean>;

/** The token of the port: a {@link BreachCheck}, or null for none. */
export const BREACH_CHECK = 'nestjs-refresh-auth:BREACH_CHECK';

/**
 * Which new passwords are refused, and why (NIST SP 800-63B-4 §3.1.1.2): short ones, common ones, those made of the
 * user's own words, and, if a check is configured, leaked ones. There are no composition rules.
 */
export class PasswordPolicy {
  readonly #logger = new Logger('AuthModule');

  constructor(
    private readonly settings: { minLength: number; contextWords: readonly string[] },
    private readonly isBreached: BreachCheck | null,
  ) {}

  /**
   * Why a new password is refused, as a sentence for the user; null if it is accepted.
   * @param ownWords the user's own words: name, e-mail address
   */
  async refusalOf(password: string, ownWords: readonly string[]): Promise<string | null> {
    const { minLength, contextWords } = this.settings;
    const length = [...password.normalize('NFC')].length;
    if (length < minLength) {
      return `must have at least ${minLength} characters, this one has ${length}`;
    }
    if (isMadeOf([...ownWords, ...contextWords], password)) {
      return 'is made of your own name or of this service’s';
    }
    if (await isCommon(password)) return 'is one of the most used passwords, or little more';
    return (await this.#isKnownToHaveLeaked(password)) ? 'is known from a data breach' : null;
  }

  async #isKnownToHaveLeaked(password: string): Promise<boolean> {
    const { isBreached } = this;
    if (isBreached === null) return false;
    try {
      const result: unknown = await withinTime(isBreached(password), LONGEST_RESPONSE_MS);
      // A function that was to make the check returns the check, which would be true for every password.
      if (typeof result !== 'boolean')
        throw new Error(`it returned ${described(result)}, not true or false`);
      return result;
    } catch (error) {
      this.#logger.warn(`isBreached failed, and the password was taken: ${textOf(error)}`);
      return false;
    }
  }
}

/** Digits and signs around a common word that don't make it better. */
const MOST_DECORATION = 10;
/** The shortest piece that may be repeated. */
const SHORTEST_PIECE = 5;

/** Common as it is, or repeated, or with a few digits and signs around it. */
async function isCommon(password: string): Promise<boolean> {
  const common = await commonPasswords();
  const lower = password.toLowerCase();
  const piece = repeatedPiece(lower, (one, other) => one === other);
  if (common.has(lower) || common.has(piece) || piece.length < SHORTEST_PIECE) return true;
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return lower.length - bare.length <= MOST_DECORATION && common.has(bare);
}

/** Whether only digits and signs are left when the words are removed. */
function isMadeOf(words: readonly string[], password: string): boolean {
  const whole = password.normalize('NFKC').toLowerCase();
  let rest = whole;
  const parts = words
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .map((word) => word.normalize('NFKC').toLowerCase())
    .filter((word) => word.length >= 3)
    .toSorted((a, b) => b.length - a.length);
  for (const part of parts) rest = rest.replaceAll(part, '');
  return parts.length > 0 && !/\p{L}/u.test(rest) && rest !== whole;
}
