import { AuthError } from '../errors/auth-error.js';
import { safely } from './safely.js';
import { userIdOf, WHAT_AN_ID_IS } from './user-id.js';

/** @throws {AuthError} `invalid_request` */
export function requireUserId(userId: unknown): string {
  const id = safely(() => userIdOf(userId));
  if (id !== null) return id;
  throw new AuthError('invalid_request', `userId: must be ${WHAT_AN_ID_IS}`);
}
