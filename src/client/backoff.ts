const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** The pause after a number of failures before this one: full jitter, so that clients don't come back all at once. */
export function pauseMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
