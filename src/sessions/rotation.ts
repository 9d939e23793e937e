import type { Rotation } from './refresh-token-store.js';

/** The token that is current before a rotation, by what it says itself or by its session's row. */
export interface CurrentToken {
  sessionId: string;
  userId: string;
  generation: number;
  tokenHash: string;
  absoluteExpiresAt: number;
}

/** The rotation from a session's current token to the next, as the store takes it. Times in milliseconds. */
export function rotationOf(
  { sessionId, userId, generation, tokenHash, absoluteExpiresAt }: CurrentToken,
  next: Rotation['next'],
  { now, leewayMs }: { now: number; leewayMs: number },
): Rotation {
  return {
    id: sessionId,
    userId,
    generation,
    tokenHash,
    absoluteExpiresAt,
    rotatedAtOrBefore: leewayMs === 0 ? null : now - leewayMs,
    now,
    next,
  };
}
