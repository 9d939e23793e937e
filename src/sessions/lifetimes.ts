import { FULL_LOOK_EVERY_MS, KEEP_ENDED_MS, LATEST_MS } from '../runtime/time-bounds.js';

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

/**
 * How long a revocation matters, in milliseconds: as long as an access token of its session can live. It is dated no
 * earlier than the session's last rotation, which is answered for a leeway more, and it may be learned of late.
 */
export function revocationMattersMs({ accessLifetimeMs, leewayMs }: AccessLifetime): number {
  return accessLifetimeMs + leewayMs + LATEST_MS;
}

/** How long a session that ended is kept, in milliseconds: longer than its revocation matters. */
export function keepEndedMs(settings: AccessLifetime): number {
  return Math.max(
    KEEP_ENDED_MS,
    2 * settings.accessLifetimeMs,
    FULL_LOOK_EVERY_MS + revocationMattersMs(settings),
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

/** Rounded up, so that a session never lives shorter than was promised. */
function wholeSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000) * 1000;
}
