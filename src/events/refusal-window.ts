import type { RefusalCode } from './refusal-events.js';

/** How many refusals per code and address are each reported as a separate event. */
const MOST_OF_ADDRESS = 5;
/** How many refusals per code, from all addresses, are each reported as a separate event. */
const MOST_OF_CODE = 100;
/** Addresses counted separately; all further addresses are counted together. */
const MOST_ADDRESSES = 1000;

/** Refusals that were counted and not reported separately. */
export interface Bucket {
  code: RefusalCode;
  /** An IPv6 address is reduced to its /64. Null: several addresses, or an unknown one. */
  network: string | null;
  count: number;
}

/** Decides which refusals in a period are reported separately and counts the others. Uses bounded memory. */
export class RefusalWindow {
  /** Number of events. */
  readonly #ofCode = new Map<RefusalCode, number>();
  /** Number of refusals. */
  readonly #ofAddress = new Map<string, number>();
  readonly #suppressed = new Map<string, Bucket>();

  constructor(readonly since: number) {}

  /** Whether a refusal may have its own event; if not, it is counted. */
  admits(code: RefusalCode, network: string | null): boolean {
    const reported = this.#ofCode.get(code) ?? 0;
    const key = `${code} ${network}`;
    const isCountedSeparately = this.#ofAddress.has(key) || this.#ofAddress.size < MOST_ADDRESSES;
    const own = (this.#ofAddress.get(key) ?? 0) + 1;
    if (isCountedSeparately) this.#ofAddress.set(key, own);
    if (reported >= MOST_OF_CODE || own > MOST_OF_ADDRESS) {
      this.#suppress(code, isCountedSeparately ? network : null);
      return false;
    }
    this.#ofCode.set(code, reported + 1);
    return true;
  }

  get suppressed(): Bucket[] {
    return [...this.#suppressed.values()];
  }

  #suppress(code: RefusalCode, network: string | null): void {
    const key = `${code} ${network}`;
    const bucket = this.#suppressed.get(key) ?? { code, network, count: 0 };
    bucket.count += 1;
    this.#suppressed.set(key, bucket);
  }
}
