import { AuthError } from '../errors/auth-error.js';
import type { Clock } from '../options/time-and-randomness.js';
import type { AccessTokens, SignedAccessToken } from '../tokens/access-tokens.js';
import {
  refreshExpired,
  refreshInvalid,
  type PresentedRefreshToken,
  type RefreshTokens,
} from '../tokens/refresh-tokens.js';
import type { AuthEvents } from './auth-events.js';
import { mayHaveSession, type AppUser } from './app-user.js';
import type { CheckedUserDirectory } from './checked-user-directory.js';
import { clipped, type ClientInfo } from './client-info.js';
import { afterRotation } from './generations.js';
import { issuedTokens, type IssuedTokens } from './issued-tokens.js';
import { lifetimeFromRotation } from './lifetimes.js';
import { hashSecret, nextSecret } from './ratchet.js';
import type { RefreshLimiter } from './refresh-limiter.js';
import type { RefreshTokenStore, SessionRow } from './refresh-token-store.js';
import { judge, type Presentation, type Verdict } from './rotation.js';
import type { SessionEnder } from './session-ender.js';
import { UnansweredRotations } from './unanswered-rotations.js';

/** Trades a refresh token for a new access token and, when it is due, for its successor. */
export class SessionRefresher {
  readonly #unanswered = new UnansweredRotations();

  constructor(
    private readonly store: RefreshTokenStore,
    private readonly users: CheckedUserDirectory,
    private readonly ender: SessionEnder,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly limiter: RefreshLimiter | null,
    private readonly events: AuthEvents,
    private readonly clock: Clock,
    private readonly settings: { idleLifetimeMs: number; leewayMs: number },
  ) {}

  /**
   * Everything that can fail comes before the one UPDATE, and whatever is lost after it a retry repairs.
   * @throws {AuthError} `refresh_invalid`, `refresh_expired`, `refresh_reused`, `session_revoked`, `too_many_attempts`,
   * `store_unavailable`, `busy`
   */
  async refresh(token: PresentedRefreshToken, client: ClientInfo): Promise<IssuedTokens> {
    await this.limiter?.refuseStorm(token);
    const user = await this.#loadUser(token);
    const now = this.clock.now();
    const successor = nextSecret(token.key.ratchetKey, token);
    const presented: Presentation = {
      userId: token.userId,
      generation: token.generation,
      tokenHash: hashSecret(token.secret),
      nextTokenHash: hashSecret(successor),
      absoluteExpiresAt: token.absoluteExpiresAt,
    };
    const rotated = lifetimeFromRotation(
      now,
      token.absoluteExpiresAt,
      this.settings.idleLifetimeMs,
    );
    const access = await this.#accessToken(user, token, now, rotated.expiresAt);

    if (await this.#rotate(token, presented, rotated.expiresAt, now, client)) {
      this.#tell('refreshed', token, client);
      return issuedTokens(token, access, this.#successor(token, successor, now, rotated.expiresAt));
    }

    await this.limiter?.count(token);
    const row = await this.store.find(token.sessionId);
    const verdict = judge(this.#asAnswered(row, now), presented, now, this.settings.leewayMs);
    switch (verdict) {
      case 'young':
        this.#tell('renewed', token, client);
        return issuedTokens(token, await this.#accessToken(user, token, now, row!.expiresAt), null);
      case 'replay': {
        const { rotatedAt, expiresAt } = row!;
        this.#tell('replayed', token, client);
        const again = this.#successor(token, successor, rotatedAt, expiresAt);
        return issuedTokens(token, await this.#accessToken(user, token, now, expiresAt), again);
      }
      case 'overtaken':
        throw refreshOvertaken(now < row!.rotatedAt + this.settings.leewayMs);
      case 'reuse':
        await this.#endReused(row!, token, client);
        throw refreshReused();
      default:
        throw refusal(verdict, row, now >= token.expiresAt + this.settings.leewayMs);
    }
  }

  async #loadUser(token: PresentedRefreshToken): Promise<AppUser> {
    const user = await this.users.findById(token.userId);
    if (mayHaveSession(user)) return user;
    await this.ender.endAllOf(token.userId, 'user_gone');
    throw sessionRevoked();
  }

  async #rotate(
    token: PresentedRefreshToken,
    presented: Presentation,
    expiresAt: number,
    now: number,
    client: ClientInfo,
  ): Promise<boolean> {
    const { leewayMs } = this.settings;
    if (this.#unanswered.isInLeeway(token.sessionId, now, leewayMs)) return false;
    const rotation = {
      id: token.sessionId,
      userId: presented.userId,
      generation: presented.generation,
      tokenHash: presented.tokenHash,
      absoluteExpiresAt: presented.absoluteExpiresAt,
      rotatedAtOrBefore: leewayMs === 0 ? null : now - leewayMs,
      now,
      next: {
        generation: afterRotation(presented.generation),
        tokenHash: presented.nextTokenHash,
        expiresAt,
        ...clipped(client),
      },
    };
    try {
      const isRotated = await this.store.rotate(rotation);
      if (isRotated) this.#unanswered.forget(token.sessionId);
      return isRotated;
    } catch (error) {
      this.#unanswered.add(token.sessionId, now);
      await this.limiter?.count(token);
      throw error;
    }
  }

  /** The row, with the leeway of its last rotation counted from when a client first had an answer. */
  #asAnswered(row: SessionRow | null, now: number): SessionRow | null {
    if (row === null) return null;
    return { ...row, rotatedAt: this.#unanswered.leewayFrom(row.id, row.rotatedAt, now) };
  }

  async #accessToken(
    user: AppUser,
    token: PresentedRefreshToken,
    now: number,
    sessionExpiresAt: number,
  ): Promise<SignedAccessToken> {
    const subject = { userId: user.id, sessionId: token.sessionId, claims: user.claims };
    try {
      return await this.accessTokens.sign(subject, now, sessionExpiresAt);
    } catch (error) {
      await this.limiter?.count(token);
      throw error;
    }
  }

  /** The same for the winner of a race and for every replay, because it is made of what the row says. */
  #successor(token: PresentedRefreshToken, secret: string, rotatedAt: number, expiresAt: number) {
    const { sessionId, userId, absoluteExpiresAt } = token;
    const signed = this.refreshTokens.sign({
      sessionId,
      userId,
      generation: afterRotation(token.generation),
      secret,
      issuedAt: rotatedAt,
      expiresAt,
      absoluteExpiresAt,
    });
    return { token: signed, expiresAt };
  }

  #tell(
    type: 'refreshed' | 'renewed' | 'replayed',
    token: PresentedRefreshToken,
    client: ClientInfo,
  ): void {
    const { userId, sessionId, generation } = token;
    this.events.emit({ type, userId, sessionId, generation, ...client });
  }

  async #endReused(row: SessionRow, token: PresentedRefreshToken, client: ClientInfo) {
    const { id: sessionId, userId, generation: currentGeneration, ip, userAgent } = row;
    await this.ender.endOne({ userId, sessionId }, 'reuse');
    this.events.emit({
      type: 'reuse_detected',
      userId,
      sessionId,
      generation: token.generation,
      currentGeneration,
      lastRefresh: { ip, userAgent },
      ...client,
    });
  }
}

function refusal(
  verdict: Exclude<Verdict, 'young' | 'replay' | 'overtaken' | 'reuse'>,
  row: SessionRow | null,
  isOutlived: boolean,
): AuthError {
  switch (verdict) {
    case 'revoked':
      // A refresh that a login overtook must not delete the cookie that the login set.
      return sessionRevoked({ keepCookies: row?.revokedReason === 'new_login' });
    case 'expired':
      return refreshExpired();
    case 'unknown':
      // What expired long ago was deleted; what is unknown before its time was never here.
      return isOutlived ? refreshExpired() : refreshInvalid();
    case 'ahead':
      return refreshInvalid();
    case 'rotate':
      // The row changed between the UPDATE and the look at it in a way no rotation makes, such as a restored backup.
      return new AuthError('busy', 'The session is being changed. Try again.', { retryAfter: 1 });
  }
}

function sessionRevoked({ keepCookies } = { keepCookies: false }): AuthError {
  return new AuthError('session_revoked', 'The session was ended. Log in again.', {
    sessionEnded: !keepCookies,
  });
}

/**
 * The cookie stays, because it may be the new one by now. Shortly after the renewal it may have been on its way to the
 * client when the client sent this one: the client is asked to look again.
 */
function refreshOvertaken(isRecent: boolean): AuthError {
  return new AuthError(
    'refresh_invalid',
    'This refresh token was replaced when the password was changed. Log in again.',
    isRecent ? { retryAfter: 1 } : {},
  );
}

function refreshReused(): AuthError {
  return new AuthError(
    'refresh_reused',
    'This refresh token was used before. In case it was stolen, the session is ended. Log in again.',
    { sessionEnded: true },
  );
}
