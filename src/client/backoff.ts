const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Pause before the next try, given the number of failures before this one. Random (full jitter), so that clients don't
 * all retry at the same time.
 */
export function pauseMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
