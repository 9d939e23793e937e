import { FULL_POLL_EVERY_MS, KEEP_ENDED_MS, LATEST_MS } from '../runtime/time-bounds.js';

/** The expiry that a session's row, refresh token and cookie share. */
export interface Lifetime {
  /** Milliseconds since the epoch, a whole second because a JWT counts in seconds. */
  expiresAt: number;
  /** The latest possible expiry, in the same unit. Rotation never changes it (OWASP ASVS 7.3.2). */
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

/**
 * How long a revocation matters, in milliseconds: as long as an access token of its session can live. A revocation is
 * never dated before the session's last rotation, that rotation is replayed for one more leeway, and the revocation may
 * be noticed late.
 */
export function revocationMattersMs({ accessLifetimeMs, leewayMs }: AccessLifetime): number {
  return accessLifetimeMs + leewayMs + LATEST_MS;
}

/** How long an ended session is kept, in milliseconds: longer than its revocation matters. */
export function keepEndedMs(settings: AccessLifetime): number {
  return Math.max(
    KEEP_ENDED_MS,
    2 * settings.accessLifetimeMs,
    FULL_POLL_EVERY_MS + revocationMattersMs(settings),
  );
}

interface AccessLifetime {
  accessLifetimeMs: number;
  leewayMs: number;
}

/** `Max-Age` of the session's cookie, in seconds. */
export function cookieMaxAge(expiresAt: number, now: number): number {
  return Math.max(0, Math.floor((expiresAt - now) / 1000));
}

/** Rounded up, so that a session never lives shorter than promised. */
function wholeSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000) * 1000;
}
