import type { AuthErrorCode } from '../errors/auth-error.js';
import type { AuthEvent } from './auth-events.js';

/** The codes of refusals that are reported as a `refused` event. */
export type RefusalCode =
  | 'invalid_request'
  | 'token_invalid'
  | 'session_revoked'
  | 'refresh_invalid'
  | 'refresh_expired'
  | 'csrf_rejected'
  | 'insufficient_role'
  | 'session_not_found'
  | 'username_taken'
  | 'too_many_attempts'
  | 'misconfigured'
  | 'busy';

/**
 * The event type of each error code; null for none. What a security team counts (OWASP ASVS 16.3): failed logins,
 * denied access, attempts to bypass a check (input, limits, business rules), and failures.
 */
export const EVENT_OF_REFUSAL = {
  invalid_request: 'refused',
  invalid_credentials: 'login_failed',
  // These three happen to every client during a normal day.
  token_missing: null,
  token_expired: null,
  refresh_missing: null,
  token_invalid: 'refused',
  session_revoked: 'refused',
  refresh_invalid: 'refused',
  refresh_expired: 'refused',
  // One event per theft: the party that comes second is refused too, and that adds no information.
  refresh_reused: 'reuse_detected',
  csrf_rejected: 'refused',
  insufficient_role: 'refused',
  session_not_found: 'refused',
  username_taken: 'refused',
  too_many_attempts: 'refused',
  misconfigured: 'refused',
  store_unavailable: 'store_unavailable',
  busy: 'refused',
} as const satisfies {
  [Code in AuthErrorCode]: Code extends RefusalCode
    ? 'refused'
    : Exclude<AuthEvent['type'], 'refused'> | null;
};

export function isReported(code: AuthErrorCode): code is RefusalCode {
  return EVENT_OF_REFUSAL[code] === 'refused';
}
