import type { Clock } from '../runtime/clock.js';
import type { AccessTokens, SignedAccessToken } from '../tokens/access-tokens.js';
import type { PresentedRefreshToken, RefreshTokens } from '../tokens/refresh-tokens.js';
import type { AuthEvents } from '../events/auth-events.js';
import { mayHaveSession, type AppUser } from '../users/app-user.js';
import type { CheckedUserDirectory } from '../users/checked-user-directory.js';
import type { ClientInfo } from '../events/client-info.js';
import type { IssuedTokens, RefreshTokenToKeep } from './issued-tokens.js';
import { lifetimeFromRotation } from './lifetimes.js';
import type { RefreshLimiter } from '../limits/refresh-limiter.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import { refusal, sessionChanging, sessionRevoked } from './refresh-refusals.js';
import { judge } from './verdict.js';
import type { EndSessions } from './end-sessions.js';
import { InDoubtRotations } from './in-doubt-rotations.js';

/** What {@link RefreshSession} works with. */
export interface RefreshSessionParts {
  store: RefreshTokenStore;
  users: CheckedUserDirectory;
  ender: EndSessions;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  limiter: RefreshLimiter | null;
  events: AuthEvents;
  clock: Clock;
  settings: { idleLifetimeMs: number; leewayMs: number };
}

/** A refresh under way. */
interface Attempt {
  token: PresentedRefreshToken;
  user: AppUser;
  client: ClientInfo;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What it gets. */
interface Granted {
  verdict: 'rotated' | 'renewed' | 'replayed';
  access: SignedAccessToken;
  /** The successor; null if the client keeps the token that it has. */
  refreshToken: RefreshTokenToKeep | null;
}

/** Trades a refresh token for a new access token and, when it is due, for its successor. */
export class RefreshSession {
  readonly #parts: RefreshSessionParts;
  readonly #inDoubt = new InDoubtRotations();

  constructor(parts: RefreshSessionParts) {
    this.#parts = parts;
  }

  /**
   * Everything that can fail comes before the one UPDATE, and a retry repairs whatever is lost after it.
   * @throws {AuthError} `refresh_invalid`, `refresh_expired`, `refresh_reused`, `session_revoked`, `too_many_attempts`,
   * `store_unavailable`, `busy`
   */
  async refresh(token: PresentedRefreshToken, client: ClientInfo): Promise<IssuedTokens> {
    const { limiter, events, clock } = this.#parts;
    await limiter?.refuseTooMany(token);
    const user = await this.#loadUser(token);
    let verdict: Granted['verdict'] | null = null;
    try {
      const granted = await this.#grant({ token, user, client, now: clock.now() });
      verdict = granted.verdict;
      const { userId, sessionId, generation } = token;
      events.emit({ type: verdict, userId, sessionId, generation, ...client });
      const { token: accessToken, expiresIn } = granted.access;
      return { userId, sessionId, accessToken, expiresIn, refreshToken: granted.refreshToken };
    } finally {
      // Rotations limit themselves, to one per leeway.
      if (verdict !== 'rotated') await limiter?.count(token);
    }
  }

  async #loadUser({ userId }: PresentedRefreshToken): Promise<AppUser> {
    const { users, ender } = this.#parts;
    let user = await users.findById(userId);
    // What an open transaction may still undo ends no session.
    if (!mayHaveSession(user)) user = await users.settled(user, userId);
    // With the id that the row has: a directory may return it in another case than at the login.
    if (mayHaveSession(user)) return { ...user, id: userId };
    await ender.endAllOf(userId, 'user_gone');
    throw sessionRevoked();
  }

  /** Rotates the session if it is due. If the UPDATE changes no row, the row decides what the token gets. */
  async #grant(attempt: Attempt): Promise<Granted> {
    const { accessTokens, settings } = this.#parts;
    const { token, now } = attempt;
    if (accessTokens.areSignedElsewhere) {
      // A read is cheaper than a call to a KMS for a token that gets nothing.
      const granted = await this.#grantByRow(attempt, null);
      if (granted !== null) return granted;
    }
    const { absoluteExpiresAt } = token;
    const { expiresAt } = lifetimeFromRotation(now, absoluteExpiresAt, settings.idleLifetimeMs);
    const access = await this.#sign(attempt, expiresAt);
    if (await this.#rotate(attempt, expiresAt)) {
      const refreshToken = this.#successor(token, { rotatedAt: now, expiresAt });
      return { verdict: 'rotated', access, refreshToken };
    }
    const granted = await this.#grantByRow(attempt, access);
    if (granted === null) throw sessionChanging();
    return granted;
  }

  /**
   * What the token gets without a rotation, or null if the row says that it is to be rotated.
   * @param signed the access token that was signed before the UPDATE
   */
  async #grantByRow(attempt: Attempt, signed: SignedAccessToken | null): Promise<Granted | null> {
    const { store, ender, settings } = this.#parts;
    const { token, client, now } = attempt;
    const { leewayMs } = settings;
    const row = await store.find(token.sessionId);
    const verdict = judge(row && this.#inDoubt.judged(row, now), token, now, leewayMs);
    switch (verdict) {
      case 'rotated':
        return null;
      case 'renewed':
      case 'replayed': {
        const access = await this.#sign(attempt, row!.expiresAt, signed);
        const refreshToken = verdict === 'renewed' ? null : this.#successor(token, row!);
        return { verdict, access, refreshToken };
      }
      case 'reused':
        await ender.endReused(row!, token, client);
    }
    throw refusal(verdict, row, token, { now, leewayMs });
  }

  /** The one UPDATE: false if the row is not as the token says, or was rotated less than a leeway ago. */
  async #rotate({ token, client, now }: Attempt, expiresAt: number): Promise<boolean> {
    const { store, settings } = this.#parts;
    const { leewayMs } = settings;
    const { sessionId: id, userId, generation, tokenHash, absoluteExpiresAt } = token;
    if (this.#inDoubt.isInLeeway(id, now, leewayMs)) return false;
    try {
      const isRotated = await store.rotate({
        id,
        userId,
        generation,
        tokenHash,
        absoluteExpiresAt,
        rotatedAtOrBefore: leewayMs === 0 ? null : now - leewayMs,
        now,
        next: { generation: generation + 1, tokenHash: token.nextTokenHash, expiresAt, ...client },
      });
      if (isRotated) this.#inDoubt.forget(id);
      return isRotated;
    } catch (error) {
      this.#inDoubt.add(id, now);
      throw error;
    }
  }

  /**
   * Signs once, with one exception: only the row says when a session ends that was rotated a moment earlier, and it is read
   * after the UPDATE. If the access token that was signed before outlives it, there is a second one. That needs an access
   * token that lives nearly as long as an idle session, or longer.
   * @param signed the access token that was signed before the UPDATE, if any
   */
  async #sign(
    { token, user, now }: Attempt,
    sessionExpiresAt: number,
    signed: SignedAccessToken | null = null,
  ): Promise<SignedAccessToken> {
    if (signed !== null && signed.expiresAt <= sessionExpiresAt) return signed;
    const subject = { userId: user.id, sessionId: token.sessionId, claims: user.claims };
    return this.#parts.accessTokens.sign(subject, now, sessionExpiresAt);
  }

  #successor(
    token: PresentedRefreshToken,
    row: { rotatedAt: number; expiresAt: number },
  ): RefreshTokenToKeep {
    const { expiresAt } = row;
    return { token: this.#parts.refreshTokens.signSuccessor(token, row), expiresAt };
  }
}
