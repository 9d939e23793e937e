/** What every token of ours says (RFC 7519 §4.1). Times are whole seconds since the epoch. */
export interface RegisteredClaims {
  iss: string;
  aud: string;
  sub: string;
  sid: string;
  jti: string;
  iat: number;
  exp: number;
}

/** Seconds that another instance's clock may be ahead of ours. */
const CLOCK_TOLERANCE_SECONDS = 10;

/**
 * Whether a verified payload says what each token of ours says, with the right types and from the right issuer.
 * jsonwebtoken lets through a missing `exp`, a `sub` that is no text, arrays and texts as payload, and `exp: 1e400`.
 * Expiry is judged apart, by {@link isExpired}: an expired token is genuine.
 */
export function areGenuineClaims(
  payload: unknown,
  expected: { issuer: string; audience: string; now: number },
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
    claims.iat <= Math.floor(expected.now / 1000) + CLOCK_TOLERANCE_SECONDS &&
    claims.nbf === undefined
  );
}

/** RFC 7519 §4.1.4: a token is dead on and after `exp`. `now` in milliseconds. */
export function isExpired(claims: { exp: number }, now: number): boolean {
  return now >= claims.exp * 1000;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
