import { AuthError } from '../errors/auth-error.js';

/** @throws {AuthError} `invalid_request` */
export function requireSessionIdOrNone(sessionId: unknown): string | null {
  if (sessionId === null || sessionId === undefined) return null;
  if (isSessionId(sessionId)) return sessionId;
  throw new AuthError('invalid_request', 'keepSessionId: must be the id of a session, or null');
}

/** Whether a value has the form of a session id. */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}
