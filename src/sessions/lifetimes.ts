/** The one end of a session that its row, its refresh token and its cookie share. */
export interface Lifetime {
  /** Milliseconds since the epoch, on a whole second, because a JWT counts seconds. */
  expiresAt: number;
  /** The same on the latest moment, which rotation never moves (OWASP ASVS 7.3.2). */
  absoluteExpiresAt: number;
}

/** The lifetime of a session that starts now. All in milliseconds. */
export function lifetimeFromLogin(
  now: number,
  { idleLifetimeMs, absoluteLifetimeMs }: { idleLifetimeMs: number; absoluteLifetimeMs: number },
): Lifetime {
  return lifetimeFromRotation(now, wholeSeconds(now + absoluteLifetimeMs), idleLifetimeMs);
}

/** The lifetime of a session that rotates now. All in milliseconds. */
export function lifetimeFromRotation(
  now: number,
  absoluteExpiresAt: number,
  idleLifetimeMs: number,
): Lifetime {
  return {
    expiresAt: Math.min(wholeSeconds(now + idleLifetimeMs), absoluteExpiresAt),
    absoluteExpiresAt,
  };
}

/** `Max-Age` of the session's cookie, in seconds. */
export function cookieMaxAge(expiresAt: number, now: number): number {
  return Math.max(0, Math.floor((expiresAt - now) / 1000));
}

/** Rounded up, so that a session never lives shorter than was promised. */
function wholeSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000) * 1000;
}
