import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { LimitedThing } from './login-limiter.js';

/** So many failures in so many milliseconds, and then as long a pause. */
export interface Limit {
  points: number;
  perMs: number;
}

/** Makes the counter of one kind of thing. */
export type LimiterFactory = (thing: LimitedThing, limit: Limit) => RateLimiterAbstract;

/** Counts in this process: enough for one instance, and what others fall back to when their store is down. */
export const memoryLimiter: LimiterFactory = (thing, limit) =>
  new RateLimiterMemory(limiterOptions(thing, limit));

/** What rate-limiter-flexible wants, which counts in seconds. */
export function limiterOptions(thing: string, { points, perMs }: Limit) {
  const seconds = Math.ceil(perMs / 1000);
  return { keyPrefix: `auth_${thing}`, points, duration: seconds, blockDuration: seconds };
}
