/** Generations from one renewal to the next: more than a session rotates in its life. */
const PER_RENEWAL = 2 ** 20;

/** What a column of 32 bits holds. */
const HIGHEST = 2 ** 31 - 1;

/** The generation after one more rotation. */
export function afterRotation(generation: number): number {
  return generation + 1;
}

/**
 * The generation after a renewal: the next multiple of 2^20. So a row says by itself which tokens are from before its last
 * renewal: they are refused, and none of them ends the session, since one may still be on its way from its owner.
 */
export function afterRenewal(generation: number): number {
  const next = (Math.floor(generation / PER_RENEWAL) + 1) * PER_RENEWAL;
  return next > HIGHEST ? generation + 1 : next;
}

/** The generation of the last renewal that a row has seen, or 0. */
export function lastRenewal(generation: number): number {
  return Math.floor(generation / PER_RENEWAL) * PER_RENEWAL;
}

/** Whether a token of the one generation is from before the renewal that led to the other. */
export function isBeforeRenewal(presented: number, current: number): boolean {
  return Math.floor(presented / PER_RENEWAL) < Math.floor(current / PER_RENEWAL);
}
