import { checkedLimiters, type AttemptLimit, type LimiterFactory } from './limiters.js';
import type { LoginLimiterParts } from './login-limiter.js';

type LoginLimits = Readonly<
  Record<'account' | 'address' | 'device' | 'registration', AttemptLimit>
>;

/**
 * A limiter for each thing that `LoginLimiter` counts.
 * @throws {AuthConfigurationError} for a factory that returns something else
 */
export function loginLimiters(
  factory: LimiterFactory,
  limits: LoginLimits,
): LoginLimiterParts['limiters'] {
  const limiter = checkedLimiters(factory);
  return {
    name: limiter('name', limits.account),
    user: limiter('user', limits.account),
    address: limiter('address', limits.address),
    device: limiter('device', limits.device),
    password: limiter('password', limits.device),
    registration: limiter('registration', limits.registration),
  };
}
