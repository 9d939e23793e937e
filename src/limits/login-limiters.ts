import type { AttemptLimit, LimiterFactory } from './limiters.js';
import type { LoginLimiterParts } from './login-limiter.js';

type LoginLimits = Readonly<
  Record<'account' | 'address' | 'device' | 'registration', AttemptLimit>
>;

/** A limiter for each thing that `LoginLimiter` counts. */
export function loginLimiters(
  limiter: LimiterFactory,
  limits: LoginLimits,
): LoginLimiterParts['limiters'] {
  return {
    name: limiter('name', limits.account),
    user: limiter('user', limits.account),
    address: limiter('address', limits.address),
    device: limiter('device', limits.device),
    password: limiter('password', limits.device),
    registration: limiter('registration', limits.registration),
  };
}
