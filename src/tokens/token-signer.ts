import { JwtService } from '@nestjs/jwt';
import type { Keys, TokenKey } from './keys.js';
import { remoteSignature } from './remote-signature.js';
import { signature } from './signature.js';
import { encodedHeader, TokenHeaders, type TokenType } from './token-headers.js';

/** Signs and verifies one type of token with its keys: the first signs, all verify. Claims are checked elsewhere. */
export class TokenSigner<K extends TokenKey = TokenKey> {
  /** The header of tokens signed here. */
  readonly #header: string;
  readonly #headers: TokenHeaders<K>;
  readonly #jwt: JwtService;

  constructor(
    type: TokenType,
    readonly keys: Keys<K>,
  ) {
    this.#header = encodedHeader(type, keys[0]);
    this.#headers = new TokenHeaders(type, keys);
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
    const signed = this.#toSign(claims);
    return withSignature(signed, await remoteSignature(key.remoteSign, key, signed));
  }

  /** Signs with the first key, which must be in this process. */
  signHere(claims: object): string {
    const { algorithm, signingKey } = this.keys[0];
    const signed = this.#toSign(claims);
    return withSignature(signed, signature(algorithm, signingKey!, signed));
  }

  /** Header and payload in compact form (RFC 7515 §7.1). */
  #toSign(claims: object): string {
    return `${this.#header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  }

  /** The key that the token's header names; null for a header that this module doesn't write. */
  keyOf(token: unknown): K | null {
    return this.#headers.keyOf(token);
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

function withSignature(signed: string, bytes: Uint8Array): string {
  return `${signed}.${Buffer.from(bytes).toString('base64url')}`;
}
