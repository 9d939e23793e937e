import { JwtService } from '@nestjs/jwt';
import type { Keys, TokenKey } from './keys.js';
import { remoteSignature } from './remote-signature.js';
import { signature } from './signature.js';

/** RFC 8725 §3.11, RFC 9068 §2.1: `typ` keeps one kind of token from being accepted as another. */
export type TokenType = 'at+jwt' | 'rt+jwt';

/** Longest token that is read, in characters; leaves room for a 4096-byte cookie and generous claims. */
export const LONGEST_TOKEN = 8192;

/** Signs and verifies one type of token with its keys: the first signs, all verify. Claims are checked elsewhere. */
export class TokenSigner<K extends TokenKey = TokenKey> {
  /** The header of tokens signed here. */
  readonly #header: string;
  /** By the encoded header of their tokens. */
  readonly #keys: ReadonlyMap<string, K>;
  readonly #jwt: JwtService;

  constructor(
    type: TokenType,
    readonly keys: Keys<K>,
  ) {
    this.#header = encodedHeader(type, keys[0]);
    this.#keys = new Map(keys.map((key) => [encodedHeader(type, key), key]));
    this.#jwt = new JwtService({
      secretOrKeyProvider: (_request, token) => this.keyOf(token)?.verifyingKey ?? '',
    });
  }

  /**
   * Signs with the first key, wherever it is kept.
   * @throws {AuthError} `busy` if a key kept elsewhere doesn't sign, or signs wrongly
   */
  async sign(claims: object): Promise<string> {
    const [key] = this.keys;
    if (key.remoteSign === null) return this.signHere(claims);
    const toSign = this.#toSign(claims);
    const signed = await remoteSignature(key.remoteSign, key, toSign);
    return `${toSign}.${signed.toString('base64url')}`;
  }

  /** Signs with the first key, which must be in this process. */
  signHere(claims: object): string {
    const { algorithm, signingKey } = this.keys[0];
    const toSign = this.#toSign(claims);
    return `${toSign}.${signature(algorithm, signingKey!, toSign).toString('base64url')}`;
  }

  /** Header and payload in compact form (RFC 7515 §7.1). */
  #toSign(claims: object): string {
    return `${this.#header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  }

  /**
   * The key of a token by its header, or null for a header that this module doesn't write. Its own headers take very few
   * values, so one lookup of the encoded header checks `alg`, `typ` and `kid` at once, and excludes `none`, `crit` (RFC
   * 7515 §4.1.11), `jwk`, `jku`, `x5u` and any unknown `kid`.
   */
  keyOf(token: unknown): K | null {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return null;
    return this.#keys.get(token.slice(0, token.indexOf('.'))) ?? null;
  }

  /** The payload of a token with a valid signature, else null. */
  verify(token: string): { payload: unknown; key: K } | null {
    const key = this.keyOf(token);
    if (key === null) return null;
    try {
      const payload: unknown = this.#jwt.verify(token, {
        algorithms: [key.algorithm],
        ignoreExpiration: true,
        ignoreNotBefore: true,
      });
      return { payload, key };
    } catch {
      return null;
    }
  }
}

/** As it is written and looked up. */
function encodedHeader(type: TokenType, { algorithm, kid }: TokenKey): string {
  return Buffer.from(JSON.stringify({ alg: algorithm, typ: type, kid })).toString('base64url');
}
