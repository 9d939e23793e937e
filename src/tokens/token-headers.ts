import type { TokenKey } from './keys.js';

/** RFC 8725 §3.11, RFC 9068 §2.1: `typ` keeps one kind of token from passing for another. */
export type TokenType = 'at+jwt' | 'rt+jwt';

/** Longest token that is looked at, in characters; leaves room for a 4096-byte cookie and generous claims. */
export const LONGEST_TOKEN = 8192;

/**
 * Finds the key of a token by its header, exactly as this module writes it.
 * Our own headers take very few values, so one look-up of the encoded header checks `alg`, `typ` and `kid` at once
 * and leaves no room for `none`, `crit` (RFC 7515 §4.1.11), `jwk`, `jku`, `x5u` or a `kid` that is anything but ours.
 */
export class TokenHeaders<K extends TokenKey> {
  readonly #keys: ReadonlyMap<string, K>;

  constructor(type: TokenType, keys: readonly K[]) {
    this.#keys = new Map(keys.map((key) => [encodedHeader(type, key), key]));
  }

  /** The key that the token says it is signed with, or null for any header that isn't one of ours. */
  keyOf(token: unknown): K | null {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return null;
    return this.#keys.get(token.slice(0, token.indexOf('.'))) ?? null;
  }
}

/** The header of a token, as it is written and looked up. */
export function encodedHeader(type: TokenType, { algorithm, kid }: TokenKey): string {
  return Buffer.from(JSON.stringify({ alg: algorithm, typ: type, kid })).toString('base64url');
}
