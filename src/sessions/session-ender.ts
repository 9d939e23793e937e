import type { Clock } from '../options/time-and-randomness.js';
import type { RefreshTokenStore, RevocationReason } from './refresh-token-store.js';
import type { RevocationFeed } from './revocation-feed.js';

/** Ends sessions: their refresh token dies in the store, their access tokens through the feed. */
export class SessionEnder {
  constructor(
    private readonly store: RefreshTokenStore,
    private readonly feed: RevocationFeed,
    private readonly clock: Clock,
  ) {}

  /** Ends one session; false if it had ended already, isn't there, or isn't of that user. */
  async endOne(id: string, reason: RevocationReason, userId?: string): Promise<boolean> {
    const target = userId === undefined ? { id } : { id, userId };
    const ended = (await this.store.revoke(target, reason, this.clock.now())) > 0;
    if (ended) this.feed.add(id);
    return ended;
  }

  /** Ends all sessions of a user but, if given, one; returns how many. */
  async endAllOf(userId: string, reason: RevocationReason, exceptId?: string): Promise<number> {
    const target = exceptId === undefined ? { userId } : { userId, exceptId };
    const ended = await this.store.revoke(target, reason, this.clock.now());
    if (ended > 0) await this.feed.poll();
    return ended;
  }

  /** Ends every session of everybody; returns how many. */
  async endEverything(): Promise<number> {
    const ended = await this.store.revoke('everything', 'everything', this.clock.now());
    if (ended > 0) await this.feed.poll();
    return ended;
  }
}
