import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { tooManyAttempts } from '../passwords/login-limiter.js';

/**
 * Keeps one session from asking the store without end. Counts what was no rotation, because rotations limit themselves:
 * one a leeway. In this process, apart from logins.
 */
export class RefreshLimiter {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  /** @throws {AuthError} `too_many_attempts` */
  async refuseStorm(sessionId: string): Promise<void> {
    const count = await this.limiter.get(sessionId);
    if (count !== null && count.consumedPoints > this.limiter.points) {
      throw tooManyAttempts(count.msBeforeNext);
    }
  }

  async count(sessionId: string): Promise<void> {
    await this.limiter.penalty(sessionId, 1);
  }
}
