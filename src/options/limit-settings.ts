import type { LimitOptions, LoginLimitOptions } from './auth-options.js';
import { atLeast, interval, oneOf } from './checked-values.js';

/** So many attempts within so many milliseconds. */
export interface LimitSettings {
  points: number;
  perMs: number;
}

export interface LoginLimitSettings {
  account: LimitSettings;
  address: LimitSettings;
  device: LimitSettings;
  registration: LimitSettings;
  refresh: LimitSettings;
  store: 'memory' | 'database';
}

/** @throws {AuthConfigurationError} */
export function limitSettings(options: LoginLimitOptions | false = {}): LoginLimitSettings | null {
  if (options === false) return null;
  return {
    account: limit('limits.account', options.account, 10, '15m'),
    address: limit('limits.address', options.address, 100, '15m'),
    device: limit('limits.device', options.device, 10, '15m'),
    registration: limit('limits.registration', options.registration, 100, '15m'),
    refresh: limit('limits.refresh', options.refresh, 1000, '1m'),
    store: oneOf('limits.store', options.store ?? 'memory', ['memory', 'database']),
  };
}

function limit(
  where: string,
  options: LimitOptions = {},
  attempts: number,
  per: string,
): LimitSettings {
  return {
    points: atLeast(`${where}.attempts`, options.attempts ?? attempts, 1),
    perMs: interval(`${where}.per`, options.per ?? per),
  };
}
