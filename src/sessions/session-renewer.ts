import { AuthError } from '../errors/auth-error.js';
import type { Clock, RandomSource } from '../options/time-and-randomness.js';
import type { RefreshTokens } from '../tokens/refresh-tokens.js';
import { afterRenewal } from './generations.js';
import type { RefreshTokenToKeep } from './issued-tokens.js';
import { lifetimeFromRotation } from './lifetimes.js';
import { firstSecret, hashSecret } from './ratchet.js';
import type { RefreshTokenStore, SessionRow } from './refresh-token-store.js';

/** Rotations that may come between the look at a session and its renewal. */
const MOST_TRIES = 5;

/**
 * Gives a session a refresh token with a fresh secret, to which no earlier token leads: whoever holds a copy of one is out
 * at once (OWASP ASVS 7.2.4). The session itself, and its access tokens, go on.
 */
export class SessionRenewer {
  constructor(
    private readonly store: RefreshTokenStore,
    private readonly refreshTokens: RefreshTokens,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly settings: { idleLifetimeMs: number },
  ) {}

  /** Whether a user has such a session, and it goes on. */
  async isLive(userId: string, sessionId: string): Promise<boolean> {
    return (await this.#find(userId, sessionId)) !== null;
  }

  /**
   * The token to keep from now on; null where the session has ended.
   * @throws {AuthError} `busy` when the session keeps being rotated meanwhile
   */
  async renew(userId: string, sessionId: string): Promise<RefreshTokenToKeep | null> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const row = await this.#find(userId, sessionId);
      if (row === null) return null;
      const renewed = await this.#replace(row);
      if (renewed !== null) return renewed;
    }
    throw new AuthError('busy', 'The session is being changed. Try again.', { retryAfter: 1 });
  }

  async #find(userId: string, sessionId: string): Promise<SessionRow | null> {
    const row = await this.store.find(sessionId);
    const isTheirs = row !== null && row.userId === userId;
    return isTheirs && row.revokedAt === null && row.expiresAt > this.clock.now() ? row : null;
  }

  /** Only over the row that was seen: null where a rotation came in between. */
  async #replace(row: SessionRow): Promise<RefreshTokenToKeep | null> {
    const { id, userId, tokenHash, absoluteExpiresAt, ip, userAgent } = row;
    const now = this.clock.now();
    const secret = firstSecret(this.random);
    const generation = afterRenewal(row.generation);
    const { expiresAt } = lifetimeFromRotation(
      now,
      absoluteExpiresAt,
      this.settings.idleLifetimeMs,
    );
    const isReplaced = await this.store.rotate({
      id,
      userId,
      generation: row.generation,
      tokenHash,
      absoluteExpiresAt,
      rotatedAtOrBefore: null,
      now,
      next: { generation, tokenHash: hashSecret(secret), expiresAt, ip, userAgent },
    });
    if (!isReplaced) return null;
    const token = this.refreshTokens.sign({
      sessionId: id,
      userId,
      generation,
      secret,
      issuedAt: now,
      expiresAt,
      absoluteExpiresAt,
    });
    return { token, expiresAt };
  }
}
