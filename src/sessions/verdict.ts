import type { PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import { isBeforeRenewal } from './generations.js';
import type { SessionRow } from './refresh-token-store.js';

/** What of a presented refresh token decides. */
export type JudgedToken = Pick<
  PresentedRefreshToken,
  'userId' | 'generation' | 'tokenHash' | 'nextTokenHash' | 'absoluteExpiresAt'
>;

/**
 * - `rotated`: the current token, due for rotation
 * - `renewed`: the current token, rotated less than a leeway ago: a new access token, no rotation
 * - `replayed`: the predecessor within the leeway: the same successor again
 * - `overtaken`: from before the session was renewed: refused, whoever holds it, and no sign of a theft since then
 * - `reused`: any other superseded token, or a forged one: theft
 * - `ahead`: of a generation that the row has not reached; the store was restored from a backup
 */
export type Verdict =
  | 'rotated'
  | 'renewed'
  | 'replayed'
  | 'overtaken'
  | 'reused'
  | 'ahead'
  | 'unknown'
  | 'revoked'
  | 'expired';

/**
 * Decides what a presented refresh token is, from the session's row and the time, in milliseconds, alone.
 * The store's conditional UPDATE changes a row exactly where this says `rotated`.
 */
export function judge(
  row: SessionRow | null,
  token: JudgedToken,
  now: number,
  leewayMs: number,
): Verdict {
  if (row === null) return 'unknown';
  if (row.revokedAt !== null) return 'revoked';
  if (now >= row.expiresAt) return 'expired';
  if (!isOfSameLogin(row, token)) return 'reused';
  if (token.generation > row.generation) return 'ahead';

  if (token.generation === row.generation) {
    if (token.tokenHash !== row.tokenHash) return 'reused';
    return isWithinLeeway(row, now, leewayMs) ? 'renewed' : 'rotated';
  }

  const isPredecessor =
    token.generation + 1 === row.generation && token.nextTokenHash === row.tokenHash;
  const isInTime = leewayMs > 0 && now < row.rotatedAt + leewayMs;
  if (isPredecessor) return isInTime ? 'replayed' : 'reused';
  return isBeforeRenewal(token.generation, row.generation) ? 'overtaken' : 'reused';
}

/**
 * A session rotates at most once per leeway: otherwise a late response could restore a token two generations old.
 * Generation 0 rotates at once: nothing older than it can be on its way. Leeway 0 is strict: every use rotates.
 */
function isWithinLeeway(row: SessionRow, now: number, leewayMs: number): boolean {
  return leewayMs > 0 && row.generation > 0 && row.rotatedAt > now - leewayMs;
}

/** What login wrote and rotation never changes: a token that says otherwise was forged with a leaked key. */
function isOfSameLogin(row: SessionRow, token: JudgedToken): boolean {
  return token.userId === row.userId && token.absoluteExpiresAt === row.absoluteExpiresAt;
}
