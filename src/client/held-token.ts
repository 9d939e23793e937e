/** An access token and its times, in milliseconds, by the elapsed clock. */
export interface HeldToken {
  token: string;
  lifeMs: number;
  /** When it was asked for. The server signed it later, so here it never lives longer than there. */
  since: number;
  /** At this age it is time for the next one: somewhere in the last third, where nobody can guess. */
  dueMs: number;
}

export function hold(token: string, lifeMs: number, since: number, random: number): HeldToken {
  return { token, lifeMs, since, dueMs: (lifeMs * (2 + random)) / 3 };
}
