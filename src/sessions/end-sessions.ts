import type { Clock } from '../runtime/clock.js';
import { MOST_CLOCKS_APART_MS } from '../runtime/time-bounds.js';
import type { AuthEvents } from '../events/auth-events.js';
import type { ClientInfo } from '../events/client-info.js';
import type { RefreshTokenStore, SessionRow } from './refresh-token-store.js';
import type { RevocationReason } from '../events/revocation-reason.js';
import type { RevocationFeed } from './revocation-feed.js';
import { sameIds } from '../users/user-id.js';

/** What {@link EndSessions} works with. */
export interface EndSessionsParts {
  store: RefreshTokenStore;
  feed: RevocationFeed;
  events: AuthEvents;
  clock: Clock;
}

/** Ends sessions: the store ends their refresh tokens, the feed their access tokens. */
export class EndSessions {
  readonly #parts: EndSessionsParts;

  constructor(parts: EndSessionsParts) {
    this.#parts = parts;
  }

  /** Ends one session of a user; false if it has ended already, doesn't exist, or belongs to another user. */
  async endOne(
    { userId, sessionId }: { userId: string; sessionId: string },
    reason: RevocationReason,
  ): Promise<boolean> {
    const target = { id: sessionId, userId };
    const count = await this.#parts.store.revoke(target, reason, this.#parts.clock.now());
    if (count === 0) return false;
    this.#parts.feed.add(sessionId);
    this.#parts.events.emit({ type: 'session_revoked', reason, userId, sessionId, count });
    return true;
  }

  /**
   * Ends a session of which a superseded token was presented. One theft is one alarm: of several presentations at once,
   * only the one that ends the session raises it.
   */
  async endReused(
    session: SessionRow,
    presented: { generation: number },
    client: ClientInfo,
  ): Promise<void> {
    const { id: sessionId, userId, generation: currentGeneration, ip, userAgent } = session;
    if (!(await this.endOne({ userId, sessionId }, 'reuse'))) return;
    this.#parts.events.emit({
      type: 'reuse_detected',
      userId,
      sessionId,
      generation: presented.generation,
      currentGeneration,
      lastRefresh: { ip, userAgent },
      ...client,
    });
  }

  /**
   * Ends all sessions of a user, except one if given; returns how many. An id from outside may be in another case than
   * that of the login: databases find the user all the same, and the sessions must not outlive a new password.
   */
  async endAllOf(userId: string, reason: RevocationReason, exceptId?: string): Promise<number> {
    let count = 0;
    try {
      for (const id of sameIds(userId)) {
        const target = exceptId === undefined ? { userId: id } : { userId: id, exceptId };
        count += await this.#parts.store.revoke(target, reason, this.#parts.clock.now());
      }
    } finally {
      // Also of those that had ended when the store failed: the next attempt doesn't find them any more.
      await this.#report(count, reason, userId);
    }
    return count;
  }

  /** Ends every session of every user, and forgets all devices; returns how many sessions. */
  async endEverything(): Promise<number> {
    const count = await this.#parts.store.revoke(
      'everything',
      'everything',
      this.#parts.clock.now(),
    );
    await this.#report(count, 'everything', null);
    await this.#forgetDevices();
    return count;
  }

  /**
   * Another instance's clock may be this far ahead when it has just registered a device. Devices registered since the
   * last call are dated just after the time stored then, which may still be in the future.
   */
  async #forgetDevices(): Promise<void> {
    const before = (await this.#parts.store.devicesForgottenAt?.()) ?? -Infinity;
    const moment = Math.max(this.#parts.clock.now() + MOST_CLOCKS_APART_MS, before + 1);
    await this.#parts.store.forgetDevices?.(moment);
  }

  async #report(count: number, reason: RevocationReason, userId: string | null): Promise<void> {
    if (count === 0) return;
    await this.#parts.feed.poll();
    this.#parts.events.emit({ type: 'session_revoked', reason, userId, sessionId: null, count });
  }
}
