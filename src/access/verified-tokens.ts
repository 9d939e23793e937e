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
export class VerifiedTokens {
  /** By the whole token: one signature can be written in several ways. */
  readonly #kept: LRUCache<string, VerifiedToken>;

  constructor({ entries, bytes }: VerifiedTokensBounds) {
    this.#kept = new LRUCache({ max: entries, maxSize: bytes });
  }

  get(token: string): VerifiedToken | null {
    const kept = this.#kept.get(token);
    return kept === undefined ? null : { ...kept, user: copyOf(kept.user) };
  }

  add(token: string, verified: VerifiedToken): void {
    const user = copyOf(verified.user);
    this.#kept.set(flat(token), { ...verified, user }, { size: bytesOf(token, user) });
  }

  get size(): number {
    return this.#kept.size;
  }
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
