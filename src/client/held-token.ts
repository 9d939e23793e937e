/** An access token and its times, in milliseconds, by the elapsed clock. */
export interface HeldToken {
  token: string;
  /** When it was asked for. The server signed it later, so here it never lives longer than there. */
  since: number;
  /** When it is time for the next one: somewhere in the last third of its life, where nobody can guess. */
  dueAt: number;
  /** When a request that can't be sent again asks for the next one: before that third. */
  oneShotDueAt: number;
  expiresAt: number;
}

export function hold(token: string, lifeMs: number, since: number, random: number): HeldToken {
  return {
    token,
    since,
    dueAt: since + (lifeMs * (2 + random)) / 3,
    oneShotDueAt: since + (lifeMs * 2) / 3,
    expiresAt: since + lifeMs,
  };
}
