import type { Clock } from '../runtime/clock.js';
import type { RandomSource } from '../runtime/random-source.js';
import type { AccessTokens } from '../tokens/access-tokens.js';
import type { RefreshTokens } from '../tokens/refresh-tokens.js';
import type { AppUser } from '../users/app-user.js';
import type { ClientInfo } from '../events/client-info.js';
import type { IssuedTokens } from './issued-tokens.js';
import { lifetimeFromLogin } from './lifetimes.js';
import { firstSecret, hashSecret } from '../tokens/ratchet.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import type { EndSessions } from './end-sessions.js';

/** Most sessions that one login ends, for a user with many more than allowed: later logins end the rest. */
const MOST_ENDED = 20;

/** What {@link StartSession} works with. */
export interface StartSessionParts {
  store: RefreshTokenStore;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  clock: Clock;
  random: RandomSource;
  ender: EndSessions;
  settings: {
    idleLifetimeMs: number;
    absoluteLifetimeMs: number;
    maxSessionsPerUser: number | null;
  };
}

/** Starts sessions: a fresh id, a fresh secret, one row. */
export class StartSession {
  readonly #parts: StartSessionParts;
  constructor(parts: StartSessionParts) {
    this.#parts = parts;
  }

  async start(user: AppUser, client: ClientInfo): Promise<IssuedTokens> {
    const now = this.#parts.clock.now();
    const secret = firstSecret(this.#parts.random);
    const session = { userId: user.id, sessionId: this.#parts.random.bytes(16).toString('hex') };
    const lifetime = lifetimeFromLogin(now, this.#parts.settings);
    const access = await this.#parts.accessTokens.sign(
      { ...session, claims: user.claims },
      now,
      lifetime.expiresAt,
    );
    const token = this.#parts.refreshTokens.sign({
      ...session,
      ...lifetime,
      generation: 0,
      secret,
      issuedAt: now,
    });
    await this.#parts.store.insert({
      id: session.sessionId,
      userId: session.userId,
      tokenHash: hashSecret(secret),
      generation: 0,
      createdAt: await this.#laterThanOthers(session.userId, now),
      rotatedAt: now,
      ...lifetime,
      revokedAt: null,
      revokedReason: null,
      ...client,
    });
    const { token: accessToken, expiresIn } = access;
    const refreshToken = { token, expiresAt: lifetime.expiresAt };
    return { ...session, accessToken, expiresIn, refreshToken };
  }

  /**
   * If the limit ends the oldest session, the newest login must also be the newest by the rows, whatever the instances'
   * clocks say: otherwise a login could end itself. Logins at the same moment all see the same order.
   */
  async #laterThanOthers(userId: string, now: number): Promise<number> {
    if (this.#parts.settings.maxSessionsPerUser === null) return now;
    const [latest] = await this.#parts.store.listActive(userId, now, 1);
    return latest === undefined ? now : Math.max(now, latest.createdAt + 1);
  }

  /**
   * Keeps a user within the limit; of simultaneous logins each one checks, so that none slips through. Call it after
   * the new session is stored and the replaced one has ended, so that no other session is ended for it.
   */
  async endOldest(userId: string): Promise<void> {
    const { maxSessionsPerUser } = this.#parts.settings;
    if (maxSessionsPerUser === null) return;
    const now = this.#parts.clock.now();
    const latestFirst = await this.#parts.store.listActive(
      userId,
      now,
      maxSessionsPerUser + MOST_ENDED,
    );
    for (const { id } of latestFirst.slice(maxSessionsPerUser)) {
      await this.#parts.ender.endOne({ userId, sessionId: id }, 'session_limit');
    }
  }
}
