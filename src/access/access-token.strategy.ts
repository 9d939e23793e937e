import { AuthError } from '../errors/auth-error.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import type { AuthSettings } from '../options/auth-settings.js';
import type { Clock } from '../runtime/clock.js';
import type { RevocationFeed } from '../sessions/revocation-feed.js';
import { areGenuineClaims, isExpired, isOfTheFuture } from '../tokens/claims.js';
import type { TokenSigner } from '../tokens/token-signer.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { bearerToken } from './bearer-token.js';
import { cookieValues } from './cookie-values.js';
import { isSafe, refuseCrossSite } from './cross-site.js';
import type { HttpRequest } from './http-request.js';
import { JwtPassportStrategy } from './jwt-passport-strategy.js';
import { VerifiedTokenCache, type VerifiedToken } from './verified-token-cache.js';

/** What {@link AccessTokenStrategy} works with. */
export interface AccessTokenStrategyParts {
  signer: TokenSigner;
  feed: RevocationFeed;
  clock: Clock;
  settings: AuthSettings;
}

/** passport-jwt, with the checks of header and claims that jsonwebtoken leaves out. Does no I/O. */
export class AccessTokenStrategy extends JwtPassportStrategy {
  readonly #parts: AccessTokenStrategyParts;
  readonly #verified: VerifiedTokenCache | null;
  /** The token of a request while its signature is checked: `validate` receives only the payload, and the cache needs it. */
  readonly #presented = new WeakMap<object, string>();

  constructor(parts: AccessTokenStrategyParts) {
    const { signer, settings } = parts;
    super({
      jwtFromRequest: (request) => this.#extract(request),
      secretOrKeyProvider: (request, token, done) => {
        const key = signer.keyOf(token);
        if (key === null) return done(tokenInvalid());
        this.#presented.set(request, token);
        return done(null, key.verifyingKey);
      },
      algorithms: signer.keys.map(({ algorithm }) => algorithm),
    });
    this.#parts = parts;
    this.#verified =
      settings.verifiedTokens === null ? null : new VerifiedTokenCache(settings.verifiedTokens);
  }

  /**
   * The sender of the request if its token was verified before; otherwise null, and the token must be verified.
   * @throws {AuthError} `token_expired`, `session_revoked` and whatever else {@link validate} refuses
   */
  recall(request: HttpRequest): AuthenticatedUser | null {
    if (this.#verified === null) return null;
    const token = this.#extract(request);
    if (token === null) return null;
    const verified = this.#verified.get(token);
    if (verified === null) return null;
    this.#refuseEnded(verified);
    this.#refuseTwoSessions(request, token, verified);
    return verified.user;
  }

  /** The sender of the request, by a payload whose signature is valid. */
  override validate(request: HttpRequest, payload: unknown): AuthenticatedUser {
    const { issuer, accessAudience: audience } = this.#parts.settings;
    if (!areGenuineClaims(payload, { issuer, audience })) throw tokenInvalid();
    if (isOfTheFuture(payload, this.#parts.clock.now())) throw tokenInvalid();
    const { iss: _iss, aud: _aud, sub, sid, jti: _jti, iat: _iat, exp, ...rest } = payload;
    // Older tokens don't have a client_id.
    const { client_id: _clientId, ...claims } = rest as { client_id?: unknown };
    const verified = { sessionId: sid, exp, user: { ...claims, id: sub, sessionId: sid } };
    const token = this.#presented.get(request);
    this.#refuseEnded(verified);
    this.#refuseTwoSessions(request, token, verified);
    if (token !== undefined) this.#verified?.add(token, verified);
    return verified.user;
  }

  /** Checked with every request, also for remembered tokens. */
  #refuseEnded({ exp, sessionId, user }: VerifiedToken): void {
    if (isExpired({ exp }, this.#parts.clock.now())) {
      throw new AuthError('token_expired', 'The access token has expired. Refresh it.');
    }
    if (this.#parts.feed.isRevoked(sessionId)) {
      throw new AuthError('session_revoked', 'The session was ended. Log in again.', {
        subject: { userId: user.id, sessionId },
      });
    }
    if (this.#parts.settings.failClosed && this.#parts.feed.isStale()) {
      throw storeUnavailable(new Error('The revocation feed is stale.'));
    }
  }

  #extract(request: HttpRequest): string | null {
    const fromHeader = bearerToken(request);
    const { accessCookie, allowedOrigins } = this.#parts.settings;
    if (fromHeader !== null || accessCookie === null) return fromHeader;
    const [fromCookie, another] = cookieValues(request, accessCookie.name);
    if (fromCookie === undefined) return null;
    if (another !== undefined) throw tokenInvalid();
    if (!isSafe(request)) refuseCrossSite(request, allowedOrigins);
    return fromCookie;
  }

  /**
   * RFC 6750 §2 allows only one way of sending a token. But a browser adds the cookie by itself, so the two together are
   * refused only if they are of different sessions. For the same session the header counts.
   */
  #refuseTwoSessions(
    request: HttpRequest,
    token: string | undefined,
    { sessionId, user }: VerifiedToken,
  ): void {
    const { accessCookie } = this.#parts.settings;
    if (accessCookie === null) return;
    for (const another of cookieValues(request, accessCookie.name)) {
      if (another !== token && unverifiedSessionId(another) !== sessionId) {
        throw new AuthError(
          'invalid_request',
          'The Authorization header and the cookie carry tokens of different sessions: send one of them.',
          { subject: { userId: user.id, sessionId } },
        );
      }
    }
  }
}

function tokenInvalid(): AuthError {
  return new AuthError('token_invalid', 'The access token is not valid.');
}

/** Unverified: use it only to refuse. */
function unverifiedSessionId(token: string): unknown {
  try {
    const { sid }: { sid?: unknown } = JSON.parse(
      Buffer.from(token.split('.', 3)[1] ?? '', 'base64url').toString(),
    );
    return sid;
  } catch {
    return undefined;
  }
}
