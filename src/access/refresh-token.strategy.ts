import type { AuthSettings } from '../options/auth-settings.js';
import type { RefreshTokenKey } from '../tokens/keys.js';
import {
  refreshInvalid,
  type PresentedRefreshToken,
  type RefreshTokens,
} from '../tokens/refresh-tokens.js';
import type { TokenSigner } from '../tokens/token-signer.js';
import { refreshCookieValues } from './cookie-values.js';
import { isSafe, refuseCrossSite } from './cross-site.js';
import type { HttpRequest } from './http-request.js';
import { JwtPassportStrategy } from './jwt-passport-strategy.js';

/** passport-jwt for the refresh cookie: checks that this module issued the token. Whether it is still valid, the store decides. */
export class RefreshTokenStrategy extends JwtPassportStrategy {
  constructor(
    private readonly signer: TokenSigner<RefreshTokenKey>,
    private readonly tokens: RefreshTokens,
    private readonly settings: AuthSettings,
  ) {
    super({
      jwtFromRequest: (request) => this.extract(request),
      secretOrKeyProvider: (_request, token, done) => {
        const key = signer.keyOf(token);
        return key === null ? done(refreshInvalid()) : done(null, key.verifyingKey);
      },
      algorithms: signer.keys.map(({ algorithm }) => algorithm),
      complete: true,
    });
  }

  /** The header names the key that signed the token, from which its successor is derived. */
  override validate(_request: HttpRequest, verified: unknown): PresentedRefreshToken {
    const { header, payload } = verified as { header: { kid: string }; payload: unknown };
    const key = this.signer.keys.find(({ kid }) => kid === header.kid);
    return this.tokens.acceptPayload(payload, key!);
  }

  /**
   * The token of the refresh cookie. A browser can send several cookies with one name, of different paths or domains. If
   * they are of one session, the newest counts; if they are of different sessions, none does.
   */
  private extract(request: HttpRequest): string | null {
    if (!isSafe(request)) refuseCrossSite(request, this.settings.allowedOrigins);
    const values = refreshCookieValues(request, this.settings);
    if (values.length < 2) return values[0] ?? null;
    const genuine = values.flatMap((value) => {
      const token = this.tokens.read(value);
      return token === null ? [] : [{ value, token }];
    });
    if (new Set(genuine.map(({ token }) => token.sessionId)).size !== 1) throw refreshInvalid();
    genuine.sort((a, b) => b.token.generation - a.token.generation);
    return genuine[0]!.value;
  }
}
