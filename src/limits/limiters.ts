import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { described, withoutRejection } from '../errors/described.js';
import { textOf } from '../errors/text-of.js';

/**
 * What is counted, each by a limiter of its own: failed logins per name as typed, per user, per address and per known
 * device; wrong passwords per session that changes its password; registrations per address.
 */
export type LimitedThing = 'name' | 'user' | 'address' | 'device' | 'password' | 'registration';

/** So many attempts (`points`) in so many milliseconds (`perMs`), then a pause of the same length. */
export interface AttemptLimit {
  points: number;
  perMs: number;
}

/** Makes the limiter of one thing, by `rate-limiter-flexible`. Called at boot, once for each thing. */
export type LimiterFactory = (thing: LimitedThing, limit: AttemptLimit) => RateLimiterAbstract;

/** The token of the port: a {@link LimiterFactory}. */
export const LIMITER_FACTORY = 'nestjs-refresh-auth:LIMITER_FACTORY';

/** What is called of a limiter. */
const CALLED = ['consume', 'reward', 'set', 'delete'] as const;

/**
 * Looks at boot at what a factory of the app's makes: it would fail with the first login otherwise. Another function comes
 * out, which `dataSourceOfLimiter` doesn't know.
 */
export function checkedLimiters(factory: LimiterFactory): LimiterFactory {
  return (thing, limit) => {
    const made = madeBy(factory, thing, limit);
    const missing = CALLED.filter((name) => typeof Object(made)[name] !== 'function');
    if (missing.length === 0) return made as RateLimiterAbstract;
    throw new AuthConfigurationError(
      `limiter returned ${described(made)} for "${thing}", without ${missing.map((name) => `${name}()`).join(', ')}: let it return a limiter of rate-limiter-flexible.`,
    );
  };
}

function madeBy(factory: LimiterFactory, thing: LimitedThing, limit: AttemptLimit): unknown {
  try {
    return withoutRejection(factory(thing, limit));
  } catch (error) {
    if (error instanceof AuthConfigurationError) throw error;
    throw new AuthConfigurationError(
      `limiter (LIMITER_FACTORY) threw for "${thing}": ${textOf(error)}.`,
      {
        cause: error,
      },
    );
  }
}

/** Counts in this process: enough for one instance, and the fallback when a shared store is down. */
export const memoryLimiter = (thing: LimitedThing | 'refresh', limit: AttemptLimit) =>
  new RateLimiterMemory(limiterOptions(thing, limit));

/** Options for rate-limiter-flexible, which counts in seconds. */
export function limiterOptions(thing: string, { points, perMs }: AttemptLimit) {
  const seconds = Math.ceil(perMs / 1000);
  return { keyPrefix: `auth_${thing}`, points, duration: seconds, blockDuration: seconds };
}
