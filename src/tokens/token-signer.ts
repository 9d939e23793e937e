import { JwtSecretRequestType, JwtService } from '@nestjs/jwt';
import type { TokenKey, TokenKeys } from './keys.js';
import { TokenHeaders, type TokenType } from './token-type.js';

/** Signs and verifies one type of token with its keys: the first signs, all verify. Claims are judged elsewhere. */
export class TokenSigner {
  readonly #headers: TokenHeaders;
  readonly #jwt: JwtService;

  constructor(
    private readonly type: TokenType,
    readonly keys: TokenKeys,
  ) {
    this.#headers = new TokenHeaders(type, keys);
    this.#jwt = new JwtService({
      secretOrKeyProvider: (request, token) =>
        request === JwtSecretRequestType.SIGN ? keys[0].key : (this.keyOf(token)?.key ?? ''),
    });
  }

  sign(claims: object): string {
    const { algorithm, kid } = this.keys[0];
    return this.#jwt.sign(claims, {
      algorithm,
      keyid: kid,
      header: { alg: algorithm, typ: this.type },
    });
  }

  /** The key that signed the token, by its header; null for a header that isn't one of ours. */
  keyOf(token: unknown): TokenKey | null {
    return this.#headers.keyOf(token);
  }

  /** The payload of a token whose signature holds, or null. */
  verify(token: string): { payload: unknown; key: TokenKey } | null {
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
