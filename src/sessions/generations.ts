/** Generations between two reissues: more than a session rotates in its life. */
const PER_REISSUE = 2 ** 20;

/** The largest value of a 32-bit column. */
const HIGHEST = 2 ** 31 - 1;

/**
 * The generation after the refresh token was reissued. A rotation adds one; a reissue goes on with the next multiple of
 * 2^20. So the row alone shows which tokens are older than its last reissue. They are refused, but don't end the session,
 * because the owner may have sent one before the reissue.
 */
export function afterReissue(generation: number): number {
  const next = (Math.floor(generation / PER_REISSUE) + 1) * PER_REISSUE;
  return next > HIGHEST ? generation + 1 : next;
}

/** The generation of the row's last reissue, or 0. */
export function lastReissue(generation: number): number {
  return Math.floor(generation / PER_REISSUE) * PER_REISSUE;
}

/** Whether the presented token is older than the reissue that led to the current generation. */
export function isBeforeReissue(presented: number, current: number): boolean {
  return Math.floor(presented / PER_REISSUE) < Math.floor(current / PER_REISSUE);
}
