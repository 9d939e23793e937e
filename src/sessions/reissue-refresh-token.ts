import { AuthError } from '../errors/auth-error.js';
import type { Clock } from '../runtime/clock.js';
import type { RefreshTokens } from '../tokens/refresh-tokens.js';
import { afterReissue, lastReissue } from './generations.js';
import type { RefreshTokenToKeep } from './issued-tokens.js';
import { lifetimeFromRotation } from './lifetimes.js';
import { hashSecret, nextSecret, reissuedSecret } from '../tokens/ratchet.js';
import type { RefreshTokenStore, SessionRow } from './refresh-token-store.js';

/** Most rotations that may happen between reading a session and reissuing it. */
const MOST_TRIES = 5;

/**
 * Rotations after a reissue during which it is still recognized: far more than happen during the life of the access
 * token that requested the password change, unless every use rotates.
 */
const MOST_FOLLOWED = 1000;

/** What {@link ReissueRefreshToken} works with. */
export interface ReissueRefreshTokenParts {
  store: RefreshTokenStore;
  refreshTokens: RefreshTokens;
  clock: Clock;
  settings: { idleLifetimeMs: number };
}

/**
 * Gives a session a refresh token that can't be derived from any earlier one: whoever holds a copy of an earlier token
 * loses access at once (OWASP ASVS 7.2.4). The session and its access tokens continue.
 */
export class ReissueRefreshToken {
  readonly #parts: ReissueRefreshTokenParts;
  constructor(parts: ReissueRefreshTokenParts) {
    this.#parts = parts;
  }

  /** Whether the user has this session and it has not ended. */
  async isLive(userId: string, sessionId: string): Promise<boolean> {
    return (await this.#find(userId, sessionId)) !== null;
  }

  /**
   * The token to keep from now on; null if the session has ended. Until somebody refreshes with it, the same password
   * gets the same token: so a client whose response was lost can ask again, and of two simultaneous requests neither
   * undoes the other.
   * @throws {AuthError} `busy` when the session keeps being rotated meanwhile
   */
  async reissue(
    userId: string,
    sessionId: string,
    passwordHash: string,
  ): Promise<RefreshTokenToKeep | null> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const row = await this.#find(userId, sessionId);
      if (row === null) return null;
      const secret = this.#secretOf(row, row.generation, passwordHash);
      if (hashSecret(secret) === row.tokenHash) return this.#signed(row, secret);
      const reissued = await this.#replace(row, passwordHash);
      if (reissued !== null) return reissued;
    }
    throw new AuthError('busy', 'The session is being changed. Try again.', { retryAfter: 1 });
  }

  /**
   * The result of an earlier reissue for this password: its token, or null as the token if the client has used it and
   * holds a successor. Null altogether if there was no such reissue.
   */
  async reissuedBefore(
    userId: string,
    sessionId: string,
    passwordHash: string,
  ): Promise<{ token: RefreshTokenToKeep | null } | null> {
    const row = await this.#find(userId, sessionId);
    if (row === null) return null;
    const first = lastReissue(row.generation);
    const rotations = row.generation - first;
    if (first === 0 || rotations > MOST_FOLLOWED) return null;
    let secret = this.#secretOf(row, first, passwordHash);
    for (let generation = first; generation < row.generation; generation += 1) {
      secret = nextSecret(this.#parts.refreshTokens.key.ratchetKey, {
        sessionId,
        generation,
        secret,
      });
    }
    if (hashSecret(secret) !== row.tokenHash) return null;
    return { token: rotations === 0 ? this.#signed(row, secret) : null };
  }

  async #find(userId: string, sessionId: string): Promise<SessionRow | null> {
    const row = await this.#parts.store.find(sessionId);
    const isTheirs = row !== null && row.userId === userId;
    return isTheirs && row.revokedAt === null && row.expiresAt > this.#parts.clock.now()
      ? row
      : null;
  }

  /** Only over the row as it was read: null if a rotation came in between. */
  async #replace(row: SessionRow, passwordHash: string): Promise<RefreshTokenToKeep | null> {
    const { absoluteExpiresAt, ip, userAgent } = row;
    const now = this.#parts.clock.now();
    const generation = afterReissue(row.generation);
    const secret = this.#secretOf(row, generation, passwordHash);
    const { expiresAt } = lifetimeFromRotation(
      now,
      absoluteExpiresAt,
      this.#parts.settings.idleLifetimeMs,
    );
    const isReplaced = await this.#parts.store.rotate({
      id: row.id,
      userId: row.userId,
      generation: row.generation,
      tokenHash: row.tokenHash,
      absoluteExpiresAt,
      // It waits for no leeway.
      rotatedAtOrBefore: null,
      now,
      next: { generation, tokenHash: hashSecret(secret), expiresAt, ip, userAgent },
    });
    if (!isReplaced) return null;
    return this.#signed({ ...row, generation, rotatedAt: now, expiresAt }, secret);
  }

  #secretOf({ id: sessionId }: SessionRow, generation: number, passwordHash: string): string {
    const { ratchetKey } = this.#parts.refreshTokens.key;
    return reissuedSecret(ratchetKey, { sessionId, generation, passwordHash });
  }

  #signed(row: SessionRow, secret: string): RefreshTokenToKeep {
    const { id: sessionId, userId, generation, rotatedAt, expiresAt, absoluteExpiresAt } = row;
    const token = this.#parts.refreshTokens.sign({
      sessionId,
      userId,
      generation,
      secret,
      issuedAt: rotatedAt,
      expiresAt,
      absoluteExpiresAt,
    });
    return { token, expiresAt };
  }
}
