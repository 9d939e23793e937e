/** An access token and its times, in milliseconds, by the elapsed clock. */
export interface HeldToken {
  token: string;
  /** When the token was requested. The server signs it later, so it never lives longer here than on the server. */
  since: number;
  /**
   * When to fetch the next token: a random moment in the last third of its life, but early enough that a request
   * which can't be sent twice does not find it expired.
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
