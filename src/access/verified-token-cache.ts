import { LRUCache } from 'lru-cache';
import type { AuthenticatedUser } from './authenticated-user.js';

/** What a token says whose signature and claims were found good: everything that doesn't change while it lives. */
export interface VerifiedToken {
  sessionId: string;
  /** Seconds since the epoch. */
  exp: number;
  user: AuthenticatedUser;
}

/** How much may be remembered: tokens, and bytes of them and their users together. */
export interface VerifiedTokensBounds {
  entries: number;
  bytes: number;
}

/**
 * Tokens that were verified, so that a signature is checked once and not with every request; the least recently used go
 * first. Whether a token has expired or its session has ended is not remembered: that is asked each time.
 */
export class VerifiedTokenCache {
  /** Found by the token's end, which is quicker to hash than the whole; the whole is compared. */
  readonly #kept: LRUCache<string, { token: string; verified: VerifiedToken }>;

  constructor({ entries, bytes }: VerifiedTokensBounds) {
    this.#kept = new LRUCache({ max: entries, maxSize: bytes });
  }

  get(token: string): VerifiedToken | null {
    const kept = this.#kept.get(endOf(token));
    if (kept?.token !== token) return null;
    const { sessionId, exp, user } = kept.verified;
    return { sessionId, exp, user: copyOf(user) };
  }

  add(token: string, verified: VerifiedToken): void {
    const user = copyOf(verified.user);
    const kept = { token: flat(token), verified: { ...verified, user } };
    this.#kept.set(endOf(kept.token), kept, { size: bytesOf(token, user) });
  }

  get size(): number {
    return this.#kept.size;
  }
}

/** As long as the signature of HS256; no two tokens that were verified have the same. */
function endOf(token: string): string {
  return token.slice(-43);
}

/** Each request gets a user of its own: what a handler does to it is not seen by the next. */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy = { ...value };
  for (const key in copy) copy[key] = copyOf(copy[key]);
  return copy;
}

/** A text that was cut out of a header keeps the whole header in memory; this one doesn't. */
function flat(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1');
}

/** V8 takes one byte for a character of Latin-1, and two for each of a text with any other. */
function bytesOf(token: string, user: AuthenticatedUser): number {
  return token.length + 2 * JSON.stringify(user).length;
}
