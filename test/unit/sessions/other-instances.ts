import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { withResolvers } from '../in-memory-app.js';

/** A database whose results a test sets, and which records the queries. */
export class OtherInstances extends MemoryRefreshTokenStore {
  readonly requestedSince: number[] = [];
  ended: string[] = [];
  isDown = false;
  #gate: Promise<void> | undefined;

  /** Holds responses back until the test releases them. */
  hold(): () => void {
    const { promise, resolve } = withResolvers();
    this.#gate = promise;
    return resolve;
  }

  override async revokedSince(since: number) {
    this.requestedSince.push(since);
    await this.#gate;
    if (this.isDown) throw new Error('connection refused');
    return this.ended.map((id) => ({ id, revokedAt: since }));
  }
}
