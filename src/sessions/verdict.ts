import type { PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import { isBeforeReissue } from './generations.js';
import type { SessionRow } from './refresh-token-store.js';

/** The part of a presented refresh token that the verdict depends on. */
export type JudgedToken = Pick<
  PresentedRefreshToken,
  'userId' | 'generation' | 'tokenHash' | 'nextTokenHash' | 'absoluteExpiresAt'
>;

/**
 * What a presented refresh token is, and what follows:
 * - `rotated`: the current token, and the last rotation is a leeway ago or longer. The session rotates.
 * - `renewed`: the current token, and the last rotation is less than a leeway ago. A new access token, no rotation.
 * - `replayed`: the predecessor, within the leeway. The same successor again.
 * - `overtaken`: a token from before a password change, which gave the session a new one. Refused; it is no sign of theft,
 *   because its owner may have sent it before the change.
 * - `reused`: any other superseded token, or a forged one. Theft: the session ends.
 * - `ahead`: a generation that the row has not reached, because the store was restored from a backup. Refused.
 * - `unknown`, `revoked`, `expired`: there is no row, or the session has ended. Refused.
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
 * Decides about a presented refresh token by the session's row and the time alone (in milliseconds). The store's
 * conditional UPDATE changes the row exactly if this returns `rotated`.
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
  return isBeforeReissue(token.generation, row.generation) ? 'overtaken' : 'reused';
}

/**
 * A session rotates at most once per leeway: otherwise a late response could restore a token two generations old in the
 * browser. Generation 0 rotates at once, because no older token can be on its way. With a leeway of 0 every use rotates.
 */
function isWithinLeeway(row: SessionRow, now: number, leewayMs: number): boolean {
  return leewayMs > 0 && row.generation > 0 && row.rotatedAt > now - leewayMs;
}

/** Both are written at login and never changed: a token that says something else was forged with a leaked key. */
function isOfSameLogin(row: SessionRow, token: JudgedToken): boolean {
  return token.userId === row.userId && token.absoluteExpiresAt === row.absoluteExpiresAt;
}
