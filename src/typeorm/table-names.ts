import type { TableNames } from '../databases.js';

export const SESSIONS = 'refresh_tokens';
export const RATE_LIMITS = 'auth_rate_limits';

export function tableNamesOf({
  prefix,
  sessions = prefix === undefined ? SESSIONS : `${prefix}refresh_tokens`,
  rateLimits = prefix === undefined ? RATE_LIMITS : `${prefix}rate_limits`,
}: TableNames): { sessions: string; rateLimits: string } {
  return { sessions, rateLimits };
}
