import pLimit from 'p-limit';
import { AuthError } from '../errors/auth-error.js';

/**
 * Lets only a few hashes be computed at a time, and only so many wait.
 * libuv has four threads for all of Node: 200 hashes at once keep an unrelated file read waiting for seconds.
 */
export class HashingPool {
  readonly #limit;

  constructor(private readonly settings: { concurrency: number; longestQueue: number }) {
    this.#limit = pLimit(settings.concurrency);
  }

  /** @throws {AuthError} `busy` when too many wait already */
  async run<T>(hashing: () => Promise<T>): Promise<T> {
    const { concurrency, longestQueue } = this.settings;
    if (this.#limit.activeCount + this.#limit.pendingCount >= concurrency + longestQueue) {
      throw new AuthError('busy', 'Too many passwords are being checked. Try again shortly.', {
        retryAfter: 2,
      });
    }
    return this.#limit(hashing);
  }
}
