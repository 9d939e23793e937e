import type { Clock } from '../runtime/clock.js';
import type { AccessTokens, SignedAccessToken } from '../tokens/access-tokens.js';
import type { PresentedRefreshToken, RefreshTokens } from '../tokens/refresh-tokens.js';
import type { AuthEvents } from '../events/auth-events.js';
import { mayHaveSession, type AppUser } from '../users/app-user.js';
import type { CheckedUserDirectory } from '../users/checked-user-directory.js';
import { clippedToColumns, type ClientInfo } from '../events/client-info.js';
import { afterRotation } from './generations.js';
import { issuedTokens, type IssuedTokens } from './issued-tokens.js';
import { lifetimeFromRotation } from './lifetimes.js';
import { hashSecret, nextSecret } from './ratchet.js';
import type { RefreshLimiter } from '../limits/refresh-limiter.js';
import type { RefreshTokenStore, SessionRow } from './refresh-token-store.js';
import {
  refreshOvertaken,
  refreshReused,
  refusal,
  sessionChanging,
  sessionRevoked,
} from './refresh-refusals.js';
import { judge, type Presentation } from './verdict.js';
import type { EndSessions } from './end-sessions.js';
import { InDoubtRotations } from './in-doubt-rotations.js';

/** One presentation of a refresh token, and what it is to become. Times in milliseconds. */
interface Attempt {
  token: PresentedRefreshToken;
  user: AppUser;
  client: ClientInfo;
  now: number;
  /** The secret of the next generation. */
  successor: string;
  presented: Presentation;
  /** The session's end, if it rotates now. */
  expiresAt: number;
}

/** Trades a refresh token for a new access token and, when it is due, for its successor. */
export class RefreshSession {
  readonly #unanswered = new InDoubtRotations();

  constructor(
    private readonly store: RefreshTokenStore,
    private readonly users: CheckedUserDirectory,
    private readonly ender: EndSessions,
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
    await this.limiter?.refuseTooMany(token);
    const user = await this.#loadUser(token);
    const attempt = this.#attempt(token, user, client);
    // A signature that is a call to a KMS is not asked for before the row says that it is needed.
    if (this.accessTokens.areSignedElsewhere) {
      const issued = await this.#answerByRow(attempt, null);
      if (issued !== null) return issued;
    }
    const { now, successor, expiresAt } = attempt;
    const access = await this.#accessToken(attempt, expiresAt);
    if (await this.#rotate(attempt)) {
      this.#tell('rotated', token, client);
      return issuedTokens(token, access, this.#successor(token, successor, now, expiresAt));
    }
    const issued = await this.#answerByRow(attempt, access);
    if (issued === null) throw sessionChanging();
    return issued;
  }

  #attempt(token: PresentedRefreshToken, user: AppUser, client: ClientInfo): Attempt {
    const now = this.clock.now();
    const { userId, generation, absoluteExpiresAt } = token;
    const successor = nextSecret(token.key.ratchetKey, token);
    const presented = {
      userId,
      generation,
      tokenHash: hashSecret(token.secret),
      nextTokenHash: hashSecret(successor),
      absoluteExpiresAt,
    };
    const { idleLifetimeMs } = this.settings;
    const { expiresAt } = lifetimeFromRotation(now, absoluteExpiresAt, idleLifetimeMs);
    return { token, user, client, now, successor, presented, expiresAt };
  }

  /**
   * What a token gets that was not rotated, by its session's row; null where the row says that it is to be rotated.
   * @param signed an access token that was signed for the rotation: it serves here too, unless it outlives the session
   */
  async #answerByRow(
    attempt: Attempt,
    signed: SignedAccessToken | null,
  ): Promise<IssuedTokens | null> {
    const { token, client, now, presented, successor } = attempt;
    const { leewayMs } = this.settings;
    const row = await this.#find(token);
    const verdict = judge(this.#asAnswered(row, now), presented, now, leewayMs);
    if (verdict === 'rotated' && signed === null) return null;
    await this.limiter?.count(token);
    switch (verdict) {
      case 'rotated':
        return null;
      case 'renewed': {
        const access = await this.#accessToken(attempt, row!.expiresAt, signed);
        this.#tell('renewed', token, client);
        return issuedTokens(token, access, null);
      }
      case 'replayed': {
        const { rotatedAt, expiresAt } = row!;
        const access = await this.#accessToken(attempt, expiresAt, signed);
        this.#tell('replayed', token, client);
        const again = this.#successor(token, successor, rotatedAt, expiresAt);
        return issuedTokens(token, access, again);
      }
      case 'overtaken':
        throw refreshOvertaken(now < row!.rotatedAt + leewayMs);
      case 'reused':
        await this.#endReused(row!, token, client);
        throw refreshReused();
      default:
        throw refusal(verdict, row, now >= token.expiresAt + leewayMs);
    }
  }

  async #find(token: PresentedRefreshToken): Promise<SessionRow | null> {
    try {
      return await this.store.find(token.sessionId);
    } catch (error) {
      await this.limiter?.count(token);
      throw error;
    }
  }

  async #loadUser(token: PresentedRefreshToken): Promise<AppUser> {
    let user = await this.users.findById(token.userId);
    // Nothing that may be undone yet ends a session.
    if (!mayHaveSession(user)) user = await this.users.settled(user, token.userId);
    // By the id that the row has: a directory may write it in another case than at the login.
    if (mayHaveSession(user)) return { ...user, id: token.userId };
    await this.ender.endAllOf(token.userId, 'user_gone');
    throw sessionRevoked();
  }

  async #rotate({ token, presented, expiresAt, now, client }: Attempt): Promise<boolean> {
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
        ...clippedToColumns(client),
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

  /** @param signed one that was signed before, and is taken if it doesn't outlive the session */
  async #accessToken(
    { token, user, now }: Attempt,
    sessionExpiresAt: number,
    signed: SignedAccessToken | null = null,
  ): Promise<SignedAccessToken> {
    if (signed !== null && signed.expiresAt <= sessionExpiresAt) return signed;
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
    type: 'rotated' | 'renewed' | 'replayed',
    token: PresentedRefreshToken,
    client: ClientInfo,
  ): void {
    const { userId, sessionId, generation } = token;
    this.events.emit({ type, userId, sessionId, generation, ...client });
  }

  /** One theft is one alarm: of several presentations at once, only the one that ended the session raises it. */
  async #endReused(row: SessionRow, token: PresentedRefreshToken, client: ClientInfo) {
    const { id: sessionId, userId, generation: currentGeneration, ip, userAgent } = row;
    if (!(await this.ender.endOne({ userId, sessionId }, 'reuse'))) return;
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
