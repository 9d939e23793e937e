import { AuthError } from '../errors/auth-error.js';
import { userIdOf, WHAT_AN_ID_IS } from './user-id.js';

/** What a caller without types, or with a user's input, may give to `AuthService`; HTTP bodies are checked before. */

/** @throws {AuthError} `invalid_request` */
export function requireUserId(userId: unknown): string {
  const id = safely(() => userIdOf(userId));
  if (id !== null) return id;
  throw new AuthError('invalid_request', `userId: must be ${WHAT_AN_ID_IS}`);
}

/** @throws {AuthError} `invalid_request` */
export function requireSessionIdOrNone(sessionId: unknown): string | null {
  if (sessionId === null || sessionId === undefined) return null;
  if (isSessionId(sessionId)) return sessionId;
  throw new AuthError('invalid_request', 'keepSessionId: must be the id of a session, or null');
}

/** As sessions are named when they start. */
export function isSessionId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

/** The fields of an object; none of what is no object. */
export function fieldsOf<T extends object>(value: T): Partial<Record<keyof T, unknown>> {
  return typeof value === 'object' && value !== null ? value : {};
}

/** The texts of a list; none of what is no list. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function safely<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
