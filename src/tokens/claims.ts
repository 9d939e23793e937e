import { MOST_CLOCKS_APART_MS } from '../runtime/time-bounds.js';

/** The registered claims in every token of this module (RFC 7519 §4.1). Times are whole seconds since the epoch. */
export interface RegisteredClaims {
  iss: string;
  aud: string;
  sub: string;
  sid: string;
  jti: string;
  iat: number;
  exp: number;
}

/**
 * Whether a verified payload has the registered claims, with the right types and the right issuer. jsonwebtoken accepts
 * a missing `exp`, a `sub` that is no string, arrays and strings as payload, and `exp: 1e400`. Times are checked
 * separately, by {@link isExpired} and {@link isOfTheFuture}: an expired token is still genuine.
 */
export function areGenuineClaims(
  payload: unknown,
  expected: { issuer: string; audience: string },
): payload is RegisteredClaims {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return false;
  const claims = payload as Record<string, unknown>;
  return (
    claims.iss === expected.issuer &&
    claims.aud === expected.audience &&
    isText(claims.sub) &&
    isText(claims.sid) &&
    isText(claims.jti) &&
    isSeconds(claims.exp) &&
    isSeconds(claims.iat) &&
    claims.nbf === undefined
  );
}

/** RFC 7519 §4.1.4: a token is invalid on and after `exp`. `now` in milliseconds. */
export function isExpired(claims: { exp: number }, now: number): boolean {
  return now >= claims.exp * 1000;
}

/**
 * Whether no running instance can have issued a token yet, however far its clock is ahead of this one's. Only for
 * access tokens: for a refresh token its session's row decides, which doesn't depend on this instance's clock.
 * @param now in milliseconds
 */
export function isOfTheFuture(claims: { iat: number }, now: number): boolean {
  return claims.iat * 1000 > now + MOST_CLOCKS_APART_MS;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
