const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** The pause after a number of failures in a row: full jitter, so that clients don't come back all at once. */
export function pauseMs(failures: number, random: number, leewaySeconds: number): number {
  const longest = leewaySeconds ? (leewaySeconds * 1000) / 3 : LONGEST_MS;
  return random * Math.min(longest, LONGEST_MS, FIRST_MS * 2 ** failures);
}

/** `Retry-After` in milliseconds: seconds, or a date, read by the clock of the server that sent it. */
export function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after');
  if (!value) return 0;
  const date = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Math.max(0, Number(value) * 1000 || date || 0);
}
