/** Generations between two renewals: more than a session rotates in its life. */
const PER_RENEWAL = 2 ** 20;

/** The largest value of a 32-bit column. */
const HIGHEST = 2 ** 31 - 1;

/**
 * The generation after a renewal. A rotation adds one; a renewal goes on with the next multiple of 2^20. So the row alone shows which tokens are older than its
 * last renewal. They are refused, but don't end the session, because the owner may have sent one before the renewal.
 */
export function afterRenewal(generation: number): number {
  const next = (Math.floor(generation / PER_RENEWAL) + 1) * PER_RENEWAL;
  return next > HIGHEST ? generation + 1 : next;
}

/** The generation of the row's last renewal, or 0. */
export function lastRenewal(generation: number): number {
  return Math.floor(generation / PER_RENEWAL) * PER_RENEWAL;
}

/** Whether the presented token is older than the renewal that led to the current generation. */
export function isBeforeRenewal(presented: number, current: number): boolean {
  return Math.floor(presented / PER_RENEWAL) < Math.floor(current / PER_RENEWAL);
}
