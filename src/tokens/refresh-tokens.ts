import { AuthError } from '../errors/auth-error.js';
import type { Clock } from '../runtime/clock.js';
import { areGenuineClaims, isSeconds, type RegisteredClaims } from './claims.js';
import type { RefreshTokenKey } from './keys.js';
import { hashSecret, nextSecret } from './ratchet.js';
import type { TokenSigner } from './token-signer.js';

/** A refresh token's claims: `gen` is its generation, `jti` is its secret, `abs` the session's end in seconds. */
interface RefreshClaims extends RegisteredClaims {
  gen: number;
  abs: number;
}

/** The content of a genuine refresh token. Whether it is valid, the session's row decides. Times in milliseconds. */
export interface PresentedRefreshToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly generation: number;
  /** 256 bits, base64url: never logged, never stored. So is `nextSecret`. */
  readonly secret: string;
  readonly expiresAt: number;
  readonly absoluteExpiresAt: number;
  /** SHA-256 of the secret, hex: what the session's row holds while this token is the current one. */
  readonly tokenHash: string;
  /** The secret of its successor, derived with the key that signed this token. */
  readonly nextSecret: string;
  /** SHA-256 of that, hex. */
  readonly nextTokenHash: string;
}

export interface RefreshTokenContent {
  sessionId: string;
  userId: string;
  generation: number;
  secret: string;
  /** Milliseconds. Given too, so that the same content always makes the same token, byte for byte. */
  issuedAt: number;
  expiresAt: number;
  absoluteExpiresAt: number;
}

const SECRET = /^[\w-]{43}$/;

/** Signs and reads refresh tokens (`typ: rt+jwt`). */
export class RefreshTokens {
  /** The objects that {@link accept} has returned. An object with the same fields is no proof. */
  readonly #accepted = new WeakSet<PresentedRefreshToken>();

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
   * The token that follows another one. It is made of what the session's row says after the rotation, so the winner of a
   * race and every replay get the same.
   */
  signSuccessor(
    token: PresentedRefreshToken,
    { rotatedAt, expiresAt }: { rotatedAt: number; expiresAt: number },
  ): string {
    const { sessionId, userId, generation, absoluteExpiresAt } = token;
    return this.sign({
      sessionId,
      userId,
      generation: generation + 1,
      secret: token.nextSecret,
      issuedAt: rotatedAt,
      expiresAt,
      absoluteExpiresAt,
    });
  }

  /**
   * The content of a token; null if this module did not sign it. No time is checked, not even `iat`: the row has the
   * time of its last write, and this clock may be wrong. For expiry see {@link accept}.
   */
  read(token: string): PresentedRefreshToken | null {
    const verified = this.signer.verify(token);
    return verified === null ? null : this.#interpret(verified.payload, verified.key);
  }

  /**
   * The only check of a presented token before the store is queried: this module signed it, and its time has not ended.
   * Not refused at `exp` already: a token presented twice around that moment still gets its successor, and a token that
   * was superseded long ago is still reported as reuse.
   * @param token the text, or the result of an earlier call
   * @throws {AuthError} `refresh_invalid`, `refresh_expired`
   */
  accept(token: string | PresentedRefreshToken): PresentedRefreshToken {
    if (typeof token === 'string') return this.#inTime(this.read(token));
    if (!this.#accepted.has(token)) throw refreshInvalid();
    return token;
  }

  /** Like {@link accept}, for a payload whose signature was already verified. */
  acceptPayload(payload: unknown, key: RefreshTokenKey): PresentedRefreshToken {
    return this.#inTime(this.#interpret(payload, key));
  }

  #inTime(token: PresentedRefreshToken | null): PresentedRefreshToken {
    if (token === null) throw refreshInvalid();
    if (this.clock.now() >= token.absoluteExpiresAt + this.settings.leewayMs) {
      throw refreshExpired(token);
    }
    this.#accepted.add(token);
    return token;
  }

  #interpret(payload: unknown, { ratchetKey }: RefreshTokenKey): PresentedRefreshToken | null {
    const { issuer, refreshAudience: audience } = this.settings;
    if (!areGenuineClaims(payload, { issuer, audience }) || !areRefreshClaims(payload)) return null;
    const { sid: sessionId, sub: userId, gen: generation, jti: secret, exp, abs } = payload;
    const next = nextSecret(ratchetKey, { sessionId, generation, secret });
    return {
      sessionId,
      userId,
      generation,
      secret,
      expiresAt: exp * 1000,
      absoluteExpiresAt: abs * 1000,
      tokenHash: hashSecret(secret),
      nextSecret: next,
      nextTokenHash: hashSecret(next),
    };
  }
}

/** This module did not sign the token. Neither the session that it names, if any, nor the cookie is changed. */
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
  const { gen, abs, jti } = claims as RegisteredClaims & Partial<RefreshClaims>;
  return isSeconds(gen) && isSeconds(abs) && SECRET.test(jti);
}
