import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { tooManyAttempts } from './attempt-counter.js';

interface Presented {
  sessionId: string;
  generation: number;
}

/**
 * Keeps one session from asking the store without end. Counts what was no rotation, because rotations limit themselves:
 * one a leeway. In this process, apart from logins.
 */
export class RefreshLimiter {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  /** @throws {AuthError} `too_many_attempts` */
  async refuseStorm(token: Presented): Promise<void> {
    const count = await this.limiter.get(keyOf(token));
    if (count !== null && count.consumedPoints > this.limiter.points) {
      throw tooManyAttempts(count.msBeforeNext);
    }
  }

  async count(token: Presented): Promise<void> {
    await this.limiter.penalty(keyOf(token), 1);
  }
}

/** By generation too: a thief who hammers the current token must not keep the owner's superseded one from being seen. */
function keyOf({ sessionId, generation }: Presented): string {
  return `${sessionId} ${generation}`;
}
