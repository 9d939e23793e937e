import { AuthError } from '../errors/auth-error.js';
import { OncePerSentence } from '../errors/once-per-sentence.js';
import type { RandomSource } from '../runtime/random-source.js';
import type { RegisteredClaims } from './claims.js';
import { signableClaims } from './signable-claims.js';
import type { TokenSigner } from './token-signer.js';

/** An access token, its lifetime in seconds, and its expiry in milliseconds since the epoch. */
export interface SignedAccessToken {
  token: string;
  expiresIn: number;
  expiresAt: number;
}

export interface AccessTokenSubject {
  userId: string;
  sessionId: string;
  /** The app's own claims; the registered ones always take precedence. */
  claims: Readonly<Record<string, unknown>>;
}

/** Signs access tokens (the format of RFC 9068: `typ: at+jwt`). The access strategy verifies them. */
export class AccessTokens {
  readonly #log = new OncePerSentence();

  /** Whether signing is a call to an external key store (a KMS), which takes a while and may cost money. */
  readonly areSignedElsewhere: boolean;

  constructor(
    private readonly signer: TokenSigner,
    private readonly random: RandomSource,
    private readonly settings: {
      issuer: string;
      accessAudience: string;
      /** `client_id`, required by RFC 9068 §2.2. */
      clientId: string;
      accessLifetimeMs: number;
      /** Most characters in a token, so that a cookie or header can carry it. */
      longest: number;
    },
  ) {
    this.areSignedElsewhere = signer.keys[0].remoteSign !== null;
  }

  /**
   * Signs a token with the configured lifetime, but never longer than its session's.
   * @param now and `sessionExpiresAt` in milliseconds since the epoch
   * @throws {AuthError} `busy` if an external key store doesn't sign
   * @throws {AuthError} `misconfigured` if the app's claims can't be put into a token, or make it longer than a cookie
   * or header carries; logged
   */
  async sign(
    subject: AccessTokenSubject,
    now: number,
    sessionExpiresAt: number,
  ): Promise<SignedAccessToken> {
    const issuedAt = Math.floor(now / 1000);
    const expiresAt = Math.min(
      issuedAt + Math.floor(this.settings.accessLifetimeMs / 1000),
      Math.floor(sessionExpiresAt / 1000),
    );
    const registered: RegisteredClaims & { client_id: string } = {
      iss: this.settings.issuer,
      aud: this.settings.accessAudience,
      sub: subject.userId,
      client_id: this.settings.clientId,
      sid: subject.sessionId,
      jti: this.random.bytes(16).toString('base64url'),
      iat: issuedAt,
      exp: expiresAt,
    };
    const { nbf: _, ...claims } = this.#signable(subject.claims);
    const token = await this.signer.sign({ ...claims, ...registered });
    if (token.length > this.settings.longest) {
      throw this.#misconfigured(
        `The access token has ${token.length} characters, ${this.settings.longest} are the most that can be carried: put fewer or shorter claims into it.`,
        'too long',
      );
    }
    return { token, expiresIn: expiresAt - issuedAt, expiresAt: expiresAt * 1000 };
  }

  #signable(claims: AccessTokenSubject['claims']): Record<string, unknown> {
    try {
      return signableClaims(claims);
    } catch (error) {
      const { message } = error as Error;
      throw this.#misconfigured(message, message, error);
    }
  }

  #misconfigured(sentence: string, kind: string, cause?: unknown): AuthError {
    this.#log.error(sentence, kind);
    return new AuthError('misconfigured', sentence, { cause });
  }
}
