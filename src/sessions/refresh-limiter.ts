import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { tooManyAttempts } from '../passwords/login-limiter.js';

/** Keeps one session from asking the store without end. Counts in this process, apart from logins. */
export class RefreshLimiter {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  /** @throws {AuthError} `too_many_attempts` */
  async charge(sessionId: string): Promise<void> {
    try {
      await this.limiter.consume(sessionId, 1);
    } catch (refusal) {
      throw tooManyAttempts((refusal as { msBeforeNext: number }).msBeforeNext);
    }
  }
}
