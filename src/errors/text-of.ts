import { visibleText } from './visible-text.js';

/** Hashes of passwords as argon2, scrypt, bcrypt and PBKDF2 write them: `$argon2id$…`. */
const PASSWORD_HASH = /\$(?:argon2\w*|scrypt|2[abxy]|pbkdf2[\w-]*)\$[^\s'"`]+/g;

/**
 * A thrown value as text for the log and for events, on one line. Anything can be thrown, and not everything can be
 * converted to a string. An ORM may quote the values of the statement that failed: a password's hash is left out.
 */
export function textOf(thrown: unknown): string {
  try {
    return visibleText(String(thrown)).replace(PASSWORD_HASH, '[password hash]');
  } catch {
    return 'a value that has no text';
  }
}
