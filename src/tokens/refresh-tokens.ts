import { AuthError } from '../errors/auth-error.js';
import type { Clock } from '../runtime/clock.js';
import { areGenuineClaims, isSeconds, type RegisteredClaims } from './claims.js';
import type { RefreshTokenKey } from './keys.js';
import type { TokenSigner } from './token-signer.js';

/** A refresh token's claims: `gen` counts rotations, `jti` is its secret, `abs` the session's end in seconds. */
interface RefreshClaims extends RegisteredClaims {
  gen: number;
  abs: number;
}

/** What a genuine refresh token says. Genuine is not yet valid: the session's row decides that. Times in milliseconds. */
export interface PresentedRefreshToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly generation: number;
  /** 256 bits, base64url: never logged, never stored. */
  readonly secret: string;
  readonly expiresAt: number;
  readonly absoluteExpiresAt: number;
  /** The key it was signed with: its successor is derived with that key's ratchet. */
  readonly key: RefreshTokenKey;
}

export interface RefreshTokenContent {
  sessionId: string;
  userId: string;
  generation: number;
  secret: string;
  /** Milliseconds; with the rest it makes the same content the same token, byte for byte. */
  issuedAt: number;
  expiresAt: number;
  absoluteExpiresAt: number;
}

const SECRET = /^[\w-]{43}$/;

/** Signs and reads refresh tokens (`typ: rt+jwt`). */
export class RefreshTokens {
  /** What was read from a token of ours; an object that looks alike proves nothing. */
  readonly #genuine = new WeakSet<PresentedRefreshToken>();

  constructor(
    private readonly signer: TokenSigner<RefreshTokenKey>,
    private readonly clock: Clock,
    private readonly settings: { issuer: string; refreshAudience: string; leewayMs: number },
  ) {}

  /** The key of {@link sign}. */
  get key(): RefreshTokenKey {
    return this.signer.keys[0];
  }

  sign(content: RefreshTokenContent): string {
    const claims: RefreshClaims = {
      iss: this.settings.issuer,
      aud: this.settings.refreshAudience,
      sub: content.userId,
      sid: content.sessionId,
      gen: content.generation,
      jti: content.secret,
      iat: Math.floor(content.issuedAt / 1000),
      exp: content.expiresAt / 1000,
      abs: content.absoluteExpiresAt / 1000,
    };
    return this.signer.signHere(claims);
  }

  /**
   * What a token says, or null when it isn't one of ours. No time is looked at, `iat` included: the row knows when it was
   * written, and our clock may be wrong. For expiry see {@link accept}.
   */
  read(token: string): PresentedRefreshToken | null {
    const verified = this.signer.verify(token);
    return verified === null ? null : this.interpret(verified.payload, verified.key);
  }

  /** Turns a payload whose signature was verified into what it says, or null. */
  interpret(payload: unknown, key: RefreshTokenKey): PresentedRefreshToken | null {
    const expected = {
      issuer: this.settings.issuer,
      audience: this.settings.refreshAudience,
    };
    if (!areGenuineClaims(payload, expected) || !areRefreshClaims(payload)) return null;
    const presented = {
      sessionId: payload.sid,
      userId: payload.sub,
      generation: payload.gen,
      secret: payload.jti,
      expiresAt: payload.exp * 1000,
      absoluteExpiresAt: payload.abs * 1000,
      key,
    };
    this.#genuine.add(presented);
    return presented;
  }

  /**
   * Lets through what is worth asking the store about. Not refused at `exp`: a token that is presented twice around that
   * moment is still answered with its successor, and one that was superseded long ago is still theft.
   * @throws {AuthError} `refresh_invalid`, `refresh_expired`
   */
  accept(token: PresentedRefreshToken | null): PresentedRefreshToken {
    if (token === null || !this.#genuine.has(token)) throw refreshInvalid();
    if (this.clock.now() >= token.absoluteExpiresAt + this.settings.leewayMs)
      throw refreshExpired(token);
    return token;
  }
}

/** The token isn't one of ours. The session it names, if any, is left alone, and so is the cookie. */
export function refreshInvalid(): AuthError {
  return new AuthError('refresh_invalid', 'The refresh token is not valid. Log in again.');
}

export function refreshExpired(of?: PresentedRefreshToken): AuthError {
  return new AuthError('refresh_expired', 'The session has expired. Log in again.', {
    sessionEnded: true,
    ...(of && { subject: { userId: of.userId, sessionId: of.sessionId } }),
  });
}

function areRefreshClaims(claims: RegisteredClaims): claims is RefreshClaims {
  const { gen, abs, jti } = claims as Partial<RefreshClaims>;
  return isSeconds(gen) && isSeconds(abs) && typeof jti === 'string' && SECRET.test(jti);
}
