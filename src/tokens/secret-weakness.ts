import { repeatedPiece } from '../runtime/repetition.js';
import { guessBits } from './guess-bits.js';
import { isHashedWord } from './hashed-words.js';
import { isKnown } from './known-secrets.js';
import { piecesOf } from './labelled.js';
import { bitsOfLetters } from './letter-pairs.js';
import { isOtherCredential } from './other-credentials.js';
import { isPasted } from './pasted.js';
import { isRandomWords } from './random-words.js';
import { unwrapped } from './unwrapped.js';

const PUBLISHED = 'is a published example that anybody knows';

/**
 * Why a secret is weak, as the rest of a sentence; null for a good one.
 *
 * The output of `openssl rand -base64 32` or `48`, `openssl rand -hex 32`, `randomBytes(32)` and the like is
 * practically never refused by chance: each rule refuses fewer than one in 10^12. The most likely are that all 64
 * hexadecimal digits are below ten (0.9 in 10^13), that 32 random bytes decode to printable text (0.2 in 10^13), a
 * known hash (some 2,000 in 2^64), and {@link guessBits}, whose limit stays 44 bits below what they contain.
 */
export function weaknessOf(bytes: Buffer, algorithm: string, least: number): string | null {
  const text = inOneRow(unwrapped(bytes.toString()));
  const pieces = isPrintable(text) ? piecesOf(text, least) : [];
  if (isKnown(text) || [bytes, ...decoded(text)].some(isKnownInside) || pieces.some(isKnown)) {
    return PUBLISHED;
  }
  if (bytes.length < least) {
    return PLACEHOLDER.test(text)
      ? PUBLISHED
      : `has ${bytes.length} bytes, ${algorithm} needs at least ${least}`;
  }
  const borrowed = borrowedAs(bytes, text);
  if (borrowed !== null) return borrowed;
  const weakness = guessableAs(bytes, text);
  if (weakness === null || isRandomWords(text) || pieces.some(isStrongPiece)) return null;
  return PLACEHOLDER.test(text) ? PUBLISHED : weakness;
}

/** What the text really is, however random it looks: a command, another credential, a published secret. */
function borrowedAs(bytes: Buffer, text: string): string | null {
  if (text.startsWith('django-insecure-')) return PUBLISHED;
  if (isPrintable(text) ? isHashInside(text) : isHashedWord(bytes)) {
    return 'is the hash of a word and can be guessed';
  }
  if (isPasted(text)) return 'is a command or names a place, which is not the secret that is there';
  return isOtherCredential(text) ? 'is a token or a key that serves something else' : null;
}

function guessableAs(bytes: Buffer, text: string): string | null {
  if (isPattern(bytes)) return 'repeats itself and can be guessed';
  return isPrintable(text) ? weaknessOfText(text) : weaknessOfBytes(bytes);
}

/** If one piece is a good secret, the whole is too. */
function isStrongPiece(piece: string): boolean {
  const text = inOneRow(unwrapped(piece));
  const bytes = Buffer.from(text);
  return borrowedAs(bytes, text) === null && guessableAs(bytes, text) === null;
}

/** Pairs of hexadecimal digits and the like, without their separators. */
function inOneRow(text: string): string {
  return GROUPS_OF_HEX.test(text) && !UUID.test(text) ? text.replaceAll(/[^0-9a-f]/gi, '') : text;
}

function isHashInside(text: string): boolean {
  const [inner] = decoded(text);
  return inner !== undefined && isHashedWord(inner);
}

/** In any encoding in which it was published. */
function isKnownInside(bytes: Buffer): boolean {
  return isKnown(bytes.toString('hex')) || isKnown(bytes.toString('base64url'));
}

const LEAST_DISTINCT_BYTES = 8;

/** One repeated piece, few different bytes, or steps of one size. */
function isPattern(bytes: Buffer): boolean {
  const piece = repeatedPiece(bytes, (one, other) => one.equals(other));
  const steps = new Set(bytes.subarray(1).map((byte, i) => byte - bytes[i]!));
  return (
    new Set(bytes).size < LEAST_DISTINCT_BYTES || piece.length < bytes.length || steps.size === 1
  );
}

/**
 * Texts that a `.env.example` contains until somebody replaces them. Used only for the message: such a text is weak
 * anyway.
 */
const PLACEHOLDER =
  /change[-_ ]?(me|this|it|in)|replace[-_ ]?(me|this|it|with)|your[-_ ]?\S*(secret|key)|do[-_ ]?not[-_ ]?use|^<.*>$|placeholder|django-insecure/i;

function isPrintable(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\s]*$/u.test(text) && !text.includes('\uFFFD');
}

/** Longer secrets are judged by their beginning. */
const LONGEST_JUDGED = 160;

function weaknessOfBytes(bytes: Buffer): string | null {
  const raw = bytes.toString('latin1').slice(0, LONGEST_JUDGED);
  const encoded = [bytes.toString('base64url'), bytes.toString('hex')];
  return guessBits(raw) < 5 * raw.length || encoded.some(isGuessable) ? 'can be guessed' : null;
}

const UUID = /[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/i;
const LETTERS_OF_ONE_CASE =
  /^([\p{Ll}\p{Lo}\p{M}\s\p{P}\p{S}]+|[\p{Lu}\p{Lo}\p{M}\s\p{P}\p{S}]+)$/u;
/** This many letters hold 188 bits if they are random. */
const MANY_LETTERS = /^([a-z]{40,}|[A-Z]{40,})$/;
const HEX = /^(0x)?([0-9a-f]+)$/i;
const LEAST_HEX_DIGITS = 64;
const GROUPS_OF_HEX = /^[0-9a-f]{2,}(?:([:., _-]|\r?\n)[0-9a-f]{2,})(?:\1[0-9a-f]{2,})*$/i;

function weaknessOfText(text: string): string | null {
  if (UUID.test(text)) return 'has a UUID in it, which is an identifier and no secret';
  if (!/\p{L}/u.test(text)) return 'has no letters and can be guessed';
  if ((LETTERS_OF_ONE_CASE.test(text) && !MANY_LETTERS.test(text)) || isInAnotherScript(text))
    return 'is made of words or letters of one case and can be guessed';
  const [, , digits] = HEX.exec(text) ?? [];
  if (digits !== undefined && digits.length < LEAST_HEX_DIGITS) {
    return `has ${digits.length} hexadecimal digits, which hold ${Math.floor(digits.length / 2)} bytes`;
  }
  if (decoded(text).some((inner) => isWeakInside(inner))) {
    return 'is an encoding of what can be guessed';
  }
  return isGuessable(text)
    ? 'is made of words, rows of keys or repetitions and can be guessed'
    : null;
}

/** A phrase with words that aren't in Latin letters, possibly with digits. */
function isInAnotherScript(text: string): boolean {
  const others = text.match(/(?!\p{Script=Latin})\p{L}/gu) ?? [];
  return others.length >= 4 && /^[\p{Ll}\p{Lo}\p{M}\p{N}\s\p{P}\p{S}]+$/u.test(text);
}

/** The decoded bytes of a text in base64 or hexadecimal. */
function decoded(text: string): Buffer[] {
  const digits = HEX.exec(text)?.[2];
  const isBase64 = /^[\w+/-]+={0,2}$/.test(text);
  return [
    ...(digits === undefined ? [] : [Buffer.from(digits, 'hex')]),
    ...(isBase64 ? [Buffer.from(text, 'base64')] : []),
  ];
}

function isWeakInside(bytes: Buffer): boolean {
  const text = bytes.toString('latin1').trim();
  if (!/^[\x20-\x7e]{2,}$/.test(text)) return bytes.length >= 16 && isPattern(bytes);
  const isOthers = isKnown(text) || isHashInside(text) || isOtherCredential(text);
  return isOthers || weaknessOfText(text) !== null;
}

function isGuessable(text: string): boolean {
  const plain = text.replaceAll(ACCENTED, (letter) => letter.normalize('NFD').charAt(0));
  const accents = text.match(ACCENTED)?.length ?? 0;
  const bytes = Buffer.from(plain).toString('latin1');
  const judged = bytes.replace(/=+$/, '').slice(0, LONGEST_JUDGED);
  if (MANY_LETTERS.test(judged) && bitsOfLetters(judged) < LEAST_OF_LETTER * judged.length) {
    return true;
  }
  return guessBits(judged) + BITS_OF_ACCENT * accents < limitOf(judged);
}

const ACCENTED = /(?=\p{Script=Latin})[\u00c0-\u024f\u1e00-\u1eff]/gu;
/** The position of the accent, and its kind. */
const BITS_OF_ACCENT = 6;

/**
 * How surprising letters are that don't follow each other as in words: random ones cost 6.75 bits, words less than 4.9.
 */
const LEAST_OF_LETTER = 5;

/**
 * The bits that a text of this length needs. Random ones cost more: 4 bits per hexadecimal digit, 6 per base64
 * character. A secret of 256 bits has 43 of those, and from that length on the limit stays 44 bits (and the padding of
 * the last character) below, as it does for letters of one case. Shorter texts of letters and digits cost at least 6.5
 * bits per character.
 */
function limitOf(text: string): number {
  const { length } = text;
  if (MANY_LETTERS.test(text)) return Math.log2(26) * length - 44;
  if (HEX.test(text)) return Math.max(212, 3.35 * length);
  return length < 43 ? Math.min(5.4 * length, 212) : Math.min(5 * length, 6 * length - 56);
}
