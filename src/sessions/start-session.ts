import type { Clock } from '../runtime/clock.js';
import type { RandomSource } from '../runtime/random-source.js';
import type { AccessTokens } from '../tokens/access-tokens.js';
import type { RefreshTokens } from '../tokens/refresh-tokens.js';
import type { AppUser } from '../users/app-user.js';
import { clippedToColumns, type ClientInfo } from '../events/client-info.js';
import { issuedTokens, type IssuedTokens } from './issued-tokens.js';
import { lifetimeFromLogin } from './lifetimes.js';
import { firstSecret, hashSecret } from '../tokens/ratchet.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import type { EndSessions } from './end-sessions.js';

/** Most sessions that one login ends, for a user with many more than allowed: later logins end the rest. */
const MOST_ENDED = 20;

/** Starts sessions: a fresh id, a fresh secret, one row. */
export class StartSession {
  constructor(
    private readonly store: RefreshTokenStore,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly ender: EndSessions,
    private readonly settings: {
      idleLifetimeMs: number;
      absoluteLifetimeMs: number;
      maxSessionsPerUser: number | null;
    },
  ) {}

  async start(user: AppUser, client: ClientInfo): Promise<IssuedTokens> {
    const now = this.clock.now();
    const secret = firstSecret(this.random);
    const session = { userId: user.id, sessionId: this.random.bytes(16).toString('hex') };
    const lifetime = lifetimeFromLogin(now, this.settings);
    const access = await this.accessTokens.sign(
      { ...session, claims: user.claims },
      now,
      lifetime.expiresAt,
    );
    const token = this.refreshTokens.sign({
      ...session,
      ...lifetime,
      generation: 0,
      secret,
      issuedAt: now,
    });
    await this.store.insert({
      id: session.sessionId,
      userId: session.userId,
      tokenHash: hashSecret(secret),
      generation: 0,
      createdAt: await this.#laterThanOthers(session.userId, now),
      rotatedAt: now,
      ...lifetime,
      revokedAt: null,
      revokedReason: null,
      ...clippedToColumns(client),
    });
    return issuedTokens(session, access, { token, expiresAt: lifetime.expiresAt });
  }

  /**
   * If the limit ends the oldest session, the newest login must also be the newest by the rows, whatever the instances'
   * clocks say: otherwise a login could end itself. Logins at the same moment all see the same order.
   */
  async #laterThanOthers(userId: string, now: number): Promise<number> {
    if (this.settings.maxSessionsPerUser === null) return now;
    const [latest] = await this.store.listActive(userId, now, 1);
    return latest === undefined ? now : Math.max(now, latest.createdAt + 1);
  }

  /**
   * Keeps a user within the limit; of simultaneous logins each one checks, so that none slips through. Call it after
   * the new session is stored and the replaced one has ended, so that no other session is ended for it.
   */
  async endOldest(userId: string): Promise<void> {
    const { maxSessionsPerUser } = this.settings;
    if (maxSessionsPerUser === null) return;
    const now = this.clock.now();
    const latestFirst = await this.store.listActive(userId, now, maxSessionsPerUser + MOST_ENDED);
    for (const { id } of latestFirst.slice(maxSessionsPerUser)) {
      await this.ender.endOne({ userId, sessionId: id }, 'session_limit');
    }
  }
}
