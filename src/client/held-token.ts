/** An access token and its times, in milliseconds, by the elapsed clock. */
export interface HeldToken {
  token: string;
  /** When it was asked for. The server signed it later, so here it never lives longer than there. */
  since: number;
  /**
   * When it is time for the next one: somewhere in the last third of its life, where nobody can guess,
   * but not so late that a request which can't be sent again might find it expired.
   */
  dueAt: number;
  expiresAt: number;
}

export function hold(token: string, lifeMs: number, since: number, random: number): HeldToken {
  return {
    token,
    since,
    dueAt: since + (lifeMs * (2 + random * 0.9)) / 3,
    expiresAt: since + lifeMs,
  };
}
