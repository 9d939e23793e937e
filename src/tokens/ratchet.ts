import { createHash, createHmac, type KeyObject } from 'node:crypto';
import type { RandomSource } from '../runtime/random-source.js';

/** The secret of generation 0: 256 random bits, base64url. */
export function firstSecret(random: RandomSource): string {
  return random.bytes(32).toString('base64url');
}

/**
 * The secret of the next generation, derived from the presented one, so that the same token always gets the same
 * successor and the server need not store it. Computing it takes both the key and the presented secret.
 */
export function nextSecret(
  ratchetKey: KeyObject,
  token: { sessionId: string; generation: number; secret: string },
): string {
  return createHmac('sha256', ratchetKey)
    .update(`${token.sessionId}|${token.generation + 1}|${token.secret}`)
    .digest('base64url');
}

/**
 * The secret of a refresh token that was reissued when the user set this password: a repeated request for the same change gets
 * the same token. It can't be computed from an earlier secret, nor from the key or a hash alone.
 */
export function reissuedSecret(
  ratchetKey: KeyObject,
  reissued: { sessionId: string; generation: number; passwordHash: string },
): string {
  return createHmac('sha256', ratchetKey)
    .update(`renewed|${reissued.sessionId}|${reissued.generation}|${reissued.passwordHash}`)
    .digest('base64url');
}

/** The stored form of a secret: SHA-256 in hex. The secret is random, so a slow hash would add nothing. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
