import type { TokenKey } from './keys.js';

/** RFC 8725 §3.11, RFC 9068 §2.1: `typ` keeps one kind of token from being accepted as another. */
export type TokenType = 'at+jwt' | 'rt+jwt';

/** Longest token that is read, in characters; leaves room for a 4096-byte cookie and generous claims. */
export const LONGEST_TOKEN = 8192;

/**
 * Finds the key of a token by its header, exactly as this module writes it. The module's own headers take very few
 * values, so one lookup of the encoded header checks `alg`, `typ` and `kid` at once, and excludes `none`, `crit` (RFC
 * 7515 §4.1.11), `jwk`, `jku`, `x5u` and any unknown `kid`.
 */
export class TokenHeaders<K extends TokenKey> {
  readonly #keys: ReadonlyMap<string, K>;

  constructor(type: TokenType, keys: readonly K[]) {
    this.#keys = new Map(keys.map((key) => [encodedHeader(type, key), key]));
  }

  /** The key that the token's header names, or null for a header that this module doesn't write. */
  keyOf(token: unknown): K | null {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return null;
    return this.#keys.get(token.slice(0, token.indexOf('.'))) ?? null;
  }
}

/** The encoded header, as it is written and compared. */
export function encodedHeader(type: TokenType, { algorithm, kid }: TokenKey): string {
  return Buffer.from(JSON.stringify({ alg: algorithm, typ: type, kid })).toString('base64url');
}
