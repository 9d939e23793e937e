/** The part of a family of refresh tokens that the verdict depends on. */
export interface OrdinaryFamily {
  /** The only token that has not been used. */
  current: string;
  isEnded: boolean;
}

/**
 * - `rotated`: the current token, used for the first time. It is replaced by a new one.
 * - `reused`: a token that was used before. Taken for theft: the family ends.
 * - `ended`, `unknown`: refused.
 */
export type OrdinaryVerdict = 'rotated' | 'reused' | 'ended' | 'unknown';

/**
 * Ordinary rotation, as most tutorials and many OAuth servers do it (RFC 9700, section 4.14.2): each token works once, and
 * one that comes again ends the family. It finds thieves. It has no leeway, so it can't tell a thief from a second tab, or
 * from a browser that never received the response.
 */
export function judgeOrdinary(family: OrdinaryFamily | undefined, token: string): OrdinaryVerdict {
  if (family === undefined) return 'unknown';
  if (family.isEnded) return 'ended';
  return token === family.current ? 'rotated' : 'reused';
}
