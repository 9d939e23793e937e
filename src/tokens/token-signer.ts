import { JwtSecretRequestType, JwtService } from '@nestjs/jwt';
import { AuthError } from '../errors/auth-error.js';
import type { Keys, TokenKey } from './keys.js';
import { encodedHeader, TokenHeaders, type TokenType } from './token-type.js';

/** Signs and verifies one type of token with its keys: the first signs, all verify. Claims are judged elsewhere. */
export class TokenSigner<K extends TokenKey = TokenKey> {
  readonly #headers: TokenHeaders<K>;
  readonly #jwt: JwtService;

  constructor(
    private readonly type: TokenType,
    readonly keys: Keys<K>,
  ) {
    this.#headers = new TokenHeaders(type, keys);
    this.#jwt = new JwtService({
      secretOrKeyProvider: (request, token) =>
        (request === JwtSecretRequestType.SIGN
          ? keys[0].signingKey
          : this.keyOf(token)?.verifyingKey) ?? '',
    });
  }

  /**
   * Signs with the first key, wherever it is kept.
   * @throws {AuthError} `busy` when a key that is kept elsewhere doesn't sign
   */
  async sign(claims: object): Promise<string> {
    const [key] = this.keys;
    if (key.remoteSign === null) return this.signHere(claims);
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const signed = `${encodedHeader(this.type, key)}.${payload}`;
    try {
      const signature = await key.remoteSign(Buffer.from(signed));
      return `${signed}.${Buffer.from(signature).toString('base64url')}`;
    } catch (cause) {
      throw new AuthError('busy', 'The token could not be signed. Try again.', {
        cause,
        retryAfter: 1,
      });
    }
  }

  /** Signs with the first key, which must be in this process. */
  signHere(claims: object): string {
    const { algorithm, kid } = this.keys[0];
    return this.#jwt.sign(claims, {
      algorithm,
      keyid: kid,
      header: { alg: algorithm, typ: this.type },
    });
  }

  /** The key that signed the token, by its header; null for a header that isn't one of ours. */
  keyOf(token: unknown): K | null {
    return this.#headers.keyOf(token);
  }

  /** The payload of a token whose signature holds, or null. */
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
