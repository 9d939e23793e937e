import { described, isPromise } from '../errors/described.js';
import { describedId, userIdOf, WHAT_AN_ID_IS } from './user-id.js';

/** One of the app's users, checked: the id is a string, and every field is present. */
export interface AppUser {
  id: string;
  passwordHash: string | null;
  disabled: boolean;
  claims: Readonly<Record<string, unknown>>;
}

/** A directory broke its contract; the message says how. */
export class DirectoryFault extends Error {
  override readonly name = 'DirectoryFault';
}

/** Every way to a session checks this: login, registration, `loginAs`, refresh, a change of password. */
export function mayHaveSession(user: AppUser | null): user is AppUser {
  return user !== null && !user.disabled;
}

/**
 * Converts what a method of the directory returned.
 * @throws {DirectoryFault} if it is no user, or if its id could be confused with another user's
 */
export function appUserOf(result: unknown, method: string): AppUser | null {
  if (result === null || result === undefined) return null;
  if (typeof result !== 'object' || Array.isArray(result)) {
    throw fault(method, `returned ${described(result)} in place of a user or null`);
  }
  const { id, passwordHash, disabled, claims } = result as Record<string, unknown>;
  const text = userIdOf(id);
  if (text === null) {
    throw fault(
      method,
      `returned a user whose id is ${describedId(id)}. An id is ${WHAT_AN_ID_IS}`,
    );
  }
  return {
    id: text,
    passwordHash: hashOf(passwordHash, method),
    disabled: isDisabled(disabled, method),
    claims: claimsOf(claims, method),
  };
}

export function fault(method: string, sentence: string): DirectoryFault {
  return new DirectoryFault(`UserDirectory.${method}() ${sentence}.`);
}

function hashOf(hash: unknown, method: string): string | null {
  if (hash === null) return null;
  if (hash === undefined) {
    throw fault(
      method,
      'returned a user whose passwordHash is undefined: have the query select it (TypeORM’s select: false leaves it out), or return null for a user who has no password',
    );
  }
  if (typeof hash === 'string') return hash;
  throw fault(method, `returned a user whose passwordHash is ${described(hash)}`);
}

/** A disabled user loses all sessions, so a promise or a function, which is always truthy, is refused as a mistake. */
function isDisabled(disabled: unknown, method: string): boolean {
  if (!isPromise(disabled) && typeof disabled !== 'function') return Boolean(disabled);
  throw fault(method, `returned a user whose disabled is ${described(disabled)}`);
}

function claimsOf(claims: unknown, method: string): AppUser['claims'] {
  if (claims === null || claims === undefined) return {};
  if (typeof claims === 'object' && !Array.isArray(claims) && !isPromise(claims)) {
    return claims as AppUser['claims'];
  }
  throw fault(method, `returned a user whose claims are ${described(claims)}`);
}
