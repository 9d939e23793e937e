import passport from 'passport';
import { AuthError } from '../errors/auth-error.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import type { AuthSettings } from '../options/auth-settings.js';
import type { Clock } from '../options/time-and-randomness.js';
import type { RevocationFeed } from '../sessions/revocation-feed.js';
import { areGenuineClaims, isExpired } from '../tokens/claims.js';
import type { TokenSigner } from '../tokens/token-signer.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { bearerToken } from './bearer-token.js';
import { cookieValues } from './cookie-values.js';
import { isSafeMethod, refuseCrossSite } from './cross-site.js';
import type { HttpRequest } from './http-request.js';
import { JwtPassportStrategy } from './jwt-passport-strategy.js';

/** passport-jwt, with the header and claim checks that jsonwebtoken leaves out, and without any I/O. */
export class AccessTokenStrategy extends JwtPassportStrategy {
  constructor(
    signer: TokenSigner,
    private readonly feed: RevocationFeed,
    private readonly clock: Clock,
    private readonly settings: AuthSettings,
  ) {
    super({
      jwtFromRequest: (request) => this.extract(request),
      secretOrKeyProvider: (_request, token, done) => {
        const key = signer.keyOf(token);
        if (key === null) done(tokenInvalid());
        else done(null, key.verifyingKey);
      },
      algorithms: signer.keys.map(({ algorithm }) => algorithm),
    });
    if (settings.passportName !== null) {
      passport.use(settings.passportName, this as unknown as passport.Strategy);
    }
  }

  /** Who the verified payload says sent the request. */
  override validate(request: HttpRequest, payload: unknown): AuthenticatedUser {
    const now = this.clock.now();
    const expected = {
      issuer: this.settings.issuer,
      audience: this.settings.accessAudience,
      now,
    };
    if (!areGenuineClaims(payload, expected)) throw tokenInvalid();
    if (isExpired(payload, now)) {
      throw new AuthError('token_expired', 'The access token has expired. Refresh it.');
    }
    if (this.feed.isRevoked(payload.sid)) {
      throw new AuthError('session_revoked', 'The session was ended. Log in again.');
    }
    if (this.settings.failClosed && this.feed.isStale()) {
      throw storeUnavailable(new Error('The revocation feed is stale.'));
    }
    this.#refuseTwoSessions(request, payload.sid);
    const { iss: _iss, aud: _aud, sub, sid, jti: _jti, iat: _iat, exp: _exp, ...claims } = payload;
    return { ...claims, id: sub, sessionId: sid };
  }

  private extract(request: HttpRequest): string | null {
    const fromHeader = bearerToken(request);
    const { accessCookie, allowedOrigins } = this.settings;
    if (fromHeader !== null || accessCookie === null) return fromHeader;
    const [fromCookie, another] = cookieValues(request, accessCookie.name);
    if (fromCookie === undefined) return null;
    if (another !== undefined) throw tokenInvalid();
    if (!isSafeMethod(request.method)) refuseCrossSite(request, allowedOrigins);
    return fromCookie;
  }

  /**
   * RFC 6750 §2 allows one way of sending a token. A browser adds the cookie by itself, so the two together are
   * refused only where they speak for different sessions; for the same session the header is what counts.
   */
  #refuseTwoSessions(request: HttpRequest, sessionId: string): void {
    const { accessCookie } = this.settings;
    if (accessCookie === null) return;
    for (const token of cookieValues(request, accessCookie.name)) {
      if (unverifiedSessionId(token) !== sessionId) {
        throw new AuthError(
          'invalid_request',
          'The Authorization header and the cookie carry tokens of different sessions: send one of them.',
        );
      }
    }
  }
}

function tokenInvalid(): AuthError {
  return new AuthError('token_invalid', 'The access token is not valid.');
}

/** Good for refusing only: nothing here was verified. */
function unverifiedSessionId(token: string): unknown {
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(token.split('.', 3)[1] ?? '', 'base64url').toString(),
    );
    return (payload as { sid?: unknown } | null)?.sid;
  } catch {
    return undefined;
  }
}
