import type { RefusalCode } from './refusal-events.js';

/** Refusals of a code from an address that have an event each. */
const MOST_OF_ADDRESS = 5;
/** Refusals of a code, from wherever, that have an event each. */
const MOST_OF_CODE = 100;
/** Addresses that are counted apart; whatever comes from more of them is counted together. */
const MOST_ADDRESSES = 1000;

/** Refusals that had no event of their own. */
export interface Bucket {
  code: RefusalCode;
  /** An IPv6 address stands for its /64. Null: several addresses, or none that is known. */
  network: string | null;
  count: number;
}

/** Decides which refusals of one stretch of time have an event each, and counts the others, in bounded memory. */
export class RefusalWindow {
  /** Events that there were. */
  readonly #ofCode = new Map<RefusalCode, number>();
  /** Refusals that there were. */
  readonly #ofAddress = new Map<string, number>();
  readonly #suppressed = new Map<string, Bucket>();

  constructor(readonly since: number) {}

  /** Whether a refusal may have an event; otherwise it is counted. */
  admits(code: RefusalCode, network: string | null): boolean {
    const told = this.#ofCode.get(code) ?? 0;
    const key = `${code} ${network}`;
    const isApart = this.#ofAddress.has(key) || this.#ofAddress.size < MOST_ADDRESSES;
    const own = (this.#ofAddress.get(key) ?? 0) + 1;
    if (isApart) this.#ofAddress.set(key, own);
    if (told >= MOST_OF_CODE || own > MOST_OF_ADDRESS) {
      this.#suppress(code, isApart ? network : null);
      return false;
    }
    this.#ofCode.set(code, told + 1);
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
