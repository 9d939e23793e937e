import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { tooManyAttempts } from './attempt-counter.js';

interface Presented {
  sessionId: string;
  generation: number;
}

/**
 * Keeps one session from calling the store without end. Counts only refreshes that did not rotate, because rotations
 * limit themselves to one per leeway. Counted in this process, separately from logins.
 */
export class RefreshLimiter {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  /** @throws {AuthError} `too_many_attempts` */
  async refuseTooMany(token: Presented): Promise<void> {
    const count = await this.limiter.get(keyOf(token));
    if (count !== null && count.consumedPoints > this.limiter.points) {
      throw tooManyAttempts(count.msBeforeNext);
    }
  }

  async count(token: Presented): Promise<void> {
    await this.limiter.penalty(keyOf(token), 1);
  }
}

/** Per generation too: a thief who sends the current token very often must not hide the owner's superseded token. */
function keyOf({ sessionId, generation }: Presented): string {
  return `${sessionId} ${generation}`;
}
