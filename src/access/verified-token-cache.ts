import { LRUCache } from 'lru-cache';
import type { AuthenticatedUser } from './authenticated-user.js';

/** The content of a verified token: everything that doesn't change during its life. */
export interface VerifiedToken {
  sessionId: string;
  /** Seconds since the epoch. */
  exp: number;
  user: AuthenticatedUser;
}

/** How much is remembered at most: tokens, and bytes of them and their users together. */
export interface VerifiedTokensBounds {
  entries: number;
  bytes: number;
}

/**
 * Verified tokens, so that a signature is checked once and not with every request. The least recently used are dropped
 * first. Whether a token has expired or its session has ended is not remembered, but checked each time.
 */
export class VerifiedTokenCache {
  /** By the token's last characters, which are quicker to hash than the whole token; then the whole is compared. */
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

/** As long as an HS256 signature: no two verified tokens end alike. */
function endOf(token: string): string {
  return token.slice(-43);
}

/** Each request gets a copy of its own, so that no handler changes the user of another request. */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy = { ...value };
  for (const key in copy) copy[key] = copyOf(copy[key]);
  return copy;
}

/** A copy, because a text that was cut out of a header keeps the whole header in memory. */
function flat(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1');
}

/** V8 needs one byte for each character of a Latin-1 text, and two for each of any other text. */
function bytesOf(token: string, user: AuthenticatedUser): number {
  return token.length + 2 * JSON.stringify(user).length;
}
