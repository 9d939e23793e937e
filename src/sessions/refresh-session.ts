import type { Clock } from '../runtime/clock.js';
import type { AccessTokens, SignedAccessToken } from '../tokens/access-tokens.js';
import type { PresentedRefreshToken, RefreshTokens } from '../tokens/refresh-tokens.js';
import type { AuthEvents } from '../events/auth-events.js';
import { mayHaveSession, type AppUser } from '../users/app-user.js';
import type { CheckedUserDirectory } from '../users/checked-user-directory.js';
import { clippedToColumns, type ClientInfo } from '../events/client-info.js';
import { afterRotation } from './generations.js';
import { issuedTokens, type IssuedTokens, type RefreshTokenToKeep } from './issued-tokens.js';
import { lifetimeFromRotation } from './lifetimes.js';
import type { RefreshLimiter } from '../limits/refresh-limiter.js';
import type { RefreshTokenStore, Rotation, SessionRow } from './refresh-token-store.js';
import { refusal, sessionChanging, sessionRevoked } from './refresh-refusals.js';
import { rotationOf } from './rotation.js';
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

/** One presentation of a refresh token. */
interface Attempt {
  token: PresentedRefreshToken;
  user: AppUser;
  client: ClientInfo;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What a presentation gets. */
interface Granted {
  verdict: 'rotated' | 'renewed' | 'replayed';
  access: SignedAccessToken;
  /** The successor; null where the client goes on with the token that it has. */
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
   * Everything that can fail comes before the one UPDATE, and whatever is lost after it a retry repairs.
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
      return issuedTokens(token, granted.access, granted.refreshToken);
    } finally {
      if (verdict !== 'rotated') await limiter?.count(token);
    }
  }

  async #grant(attempt: Attempt): Promise<Granted> {
    const { accessTokens, settings } = this.#parts;
    const { token, client, now } = attempt;
    // A signature that is a call to a KMS is not asked for before the row says that it is needed.
    if (accessTokens.areSignedElsewhere) {
      const granted = await this.#grantByRow(attempt, null);
      if (granted !== null) return granted;
    }
    const { idleLifetimeMs } = settings;
    const { expiresAt } = lifetimeFromRotation(now, token.absoluteExpiresAt, idleLifetimeMs);
    const access = await this.#sign(attempt, expiresAt);
    const next = {
      generation: afterRotation(token.generation),
      tokenHash: token.nextTokenHash,
      expiresAt,
      ...clippedToColumns(client),
    };
    if (await this.#rotate(rotationOf(token, next, { now, leewayMs: settings.leewayMs }))) {
      return { verdict: 'rotated', access, refreshToken: this.#successor(token, now, expiresAt) };
    }
    const granted = await this.#grantByRow(attempt, access);
    if (granted === null) throw sessionChanging();
    return granted;
  }

  /**
   * What a token gets that was not rotated, by its session's row; null where the row says that it is to be rotated.
   * @param signed an access token that was signed for the rotation: it serves here too, unless it outlives the session
   */
  async #grantByRow(attempt: Attempt, signed: SignedAccessToken | null): Promise<Granted | null> {
    const { store, settings } = this.#parts;
    const { token, client, now } = attempt;
    const { leewayMs } = settings;
    const row = await store.find(token.sessionId);
    const verdict = judge(this.#withLeewayInDoubt(row, now), token, now, leewayMs);
    switch (verdict) {
      case 'rotated':
        return null;
      case 'renewed': {
        const access = await this.#sign(attempt, row!.expiresAt, signed);
        return { verdict, access, refreshToken: null };
      }
      case 'replayed': {
        const { rotatedAt, expiresAt } = row!;
        const access = await this.#sign(attempt, expiresAt, signed);
        return { verdict, access, refreshToken: this.#successor(token, rotatedAt, expiresAt) };
      }
      default:
        if (verdict === 'reused') await this.#endReused(row!, token, client);
        throw refusal(verdict, row, token, { now, leewayMs });
    }
  }

  async #loadUser({ userId }: PresentedRefreshToken): Promise<AppUser> {
    const { users, ender } = this.#parts;
    let user = await users.findById(userId);
    // Nothing that may be undone yet ends a session.
    if (!mayHaveSession(user)) user = await users.settled(user, userId);
    // By the id that the row has: a directory may write it in another case than at the login.
    if (mayHaveSession(user)) return { ...user, id: userId };
    await ender.endAllOf(userId, 'user_gone');
    throw sessionRevoked();
  }

  async #rotate(rotation: Rotation): Promise<boolean> {
    const { store, settings } = this.#parts;
    const { id, now } = rotation;
    if (this.#inDoubt.isInLeeway(id, now, settings.leewayMs)) return false;
    try {
      const isRotated = await store.rotate(rotation);
      if (isRotated) this.#inDoubt.forget(id);
      return isRotated;
    } catch (error) {
      this.#inDoubt.add(id, now);
      throw error;
    }
  }

  /** The row, with the leeway of its last rotation counted from when a client first had a response. */
  #withLeewayInDoubt(row: SessionRow | null, now: number): SessionRow | null {
    if (row === null) return null;
    return { ...row, rotatedAt: this.#inDoubt.leewayFrom(row.id, row.rotatedAt, now) };
  }

  /** @param signed one that was signed before, and is taken if it doesn't outlive the session */
  async #sign(
    { token, user, now }: Attempt,
    sessionExpiresAt: number,
    signed: SignedAccessToken | null = null,
  ): Promise<SignedAccessToken> {
    if (signed !== null && signed.expiresAt <= sessionExpiresAt) return signed;
    const subject = { userId: user.id, sessionId: token.sessionId, claims: user.claims };
    return this.#parts.accessTokens.sign(subject, now, sessionExpiresAt);
  }

  /** The same for the winner of a race and for every replay, because it is made of what the row says. */
  #successor(
    token: PresentedRefreshToken,
    rotatedAt: number,
    expiresAt: number,
  ): RefreshTokenToKeep {
    const { sessionId, userId, absoluteExpiresAt } = token;
    const signed = this.#parts.refreshTokens.sign({
      sessionId,
      userId,
      generation: afterRotation(token.generation),
      secret: token.nextSecret,
      issuedAt: rotatedAt,
      expiresAt,
      absoluteExpiresAt,
    });
    return { token: signed, expiresAt };
  }

  /** One theft is one alarm: of several presentations at once, only the one that ended the session raises it. */
  async #endReused(row: SessionRow, token: PresentedRefreshToken, client: ClientInfo) {
    const { id: sessionId, userId, generation: currentGeneration, ip, userAgent } = row;
    const { ender, events } = this.#parts;
    if (!(await ender.endOne({ userId, sessionId }, 'reuse'))) return;
    events.emit({
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
