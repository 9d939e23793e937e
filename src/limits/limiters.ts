import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { LimitedThing } from './login-limiter.js';

/** This many failures (`points`) in this many milliseconds (`perMs`), then a pause of the same length. */
export interface Limit {
  points: number;
  perMs: number;
}

/** Creates the counter for one kind of attempt. */
export type LimiterFactory = (thing: LimitedThing, limit: Limit) => RateLimiterAbstract;

/** The token of the port: a {@link LimiterFactory}. */
export const LIMITER_FACTORY = Symbol('nestjs-refresh-auth limiter factory');

/** Counts in this process: enough for one instance, and the fallback when a shared store is down. */
export const memoryLimiter: LimiterFactory = (thing, limit) =>
  new RateLimiterMemory(limiterOptions(thing, limit));

/** Options for rate-limiter-flexible, which counts in seconds. */
export function limiterOptions(thing: string, { points, perMs }: Limit) {
  const seconds = Math.ceil(perMs / 1000);
  return { keyPrefix: `auth_${thing}`, points, duration: seconds, blockDuration: seconds };
}
