import { createHash } from 'node:crypto';

/** Bytes in each half of a salt: 16 together, as RFC 9106 §3.1 recommends. */
const HALF = 8;

/** The salt of a hash in PHC form. */
const SALT = /^\$argon2[^$]+(?:\$[^$]+){2}\$([^$]+)\$/;

/**
 * A salt with one random half; the other half identifies who set the password: a session, in a form that nobody else
 * can read. Together they are as unique as a random salt, and salts need not be secret.
 */
export function markedSalt(random: Buffer, setBy: string): Buffer {
  const first = random.subarray(0, HALF);
  return Buffer.concat([first, markOf(first, setBy)]);
}

/** Whether a stored hash has a salt made for this setter. */
export function isSetBy(storedHash: string | null, setBy: string): boolean {
  const [, text] = SALT.exec(storedHash ?? '') ?? [];
  if (text === undefined) return false;
  const salt = Buffer.from(text, 'base64');
  return salt.equals(markedSalt(salt, setBy));
}

function markOf(random: Buffer, setBy: string): Buffer {
  return createHash('sha256').update(random).update(setBy).digest().subarray(0, HALF);
}
