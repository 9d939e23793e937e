import type { ReadAuthOptions } from './auth-options-schema.js';

/** So many attempts within so many milliseconds. */
export interface LimitSettings {
  points: number;
  perMs: number;
}

export interface LimitsSettings {
  account: LimitSettings;
  address: LimitSettings;
  device: LimitSettings;
  registration: LimitSettings;
  refresh: LimitSettings;
  store: 'memory' | 'database';
}

/** Null: no limits. */
export function limitSettings(limits: ReadAuthOptions['limits']): LimitsSettings | null {
  if (limits === null) return null;
  return {
    account: limit(limits.account),
    address: limit(limits.address),
    device: limit(limits.device),
    registration: limit(limits.registration),
    refresh: limit(limits.refresh),
    store: limits.store,
  };
}

function limit({ attempts, per }: { attempts: number; per: number }): LimitSettings {
  return { points: attempts, perMs: per };
}
