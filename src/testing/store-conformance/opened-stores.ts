import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { WatchedCalls } from './watched-calls.js';

/** A store, with what closes its connection. */
export interface OpenedStore {
  store: RefreshTokenStore;
  /** Called once, after the case. */
  close(): unknown;
}

type Given = RefreshTokenStore | OpenedStore;

/**
 * The stores of one case: a first one, and a second one for another instance of the app. Each is opened when the case
 * needs it, and closed after the case.
 */
export class OpenedStores {
  readonly calls = new WatchedCalls();
  readonly #closers = new Map<RefreshTokenStore, () => unknown>();
  #first: Promise<RefreshTokenStore> | undefined;
  #second: Promise<RefreshTokenStore> | undefined;

  constructor(private readonly openStore: () => Given | Promise<Given>) {}

  first(): Promise<RefreshTokenStore> {
    this.#first ??= this.#open();
    return this.#first;
  }

  /** The first one again, if `openStore` always returns the same. */
  second(): Promise<RefreshTokenStore> {
    this.#second ??= this.#open();
    return this.#second;
  }

  async close(): Promise<void> {
    const closers = [...this.#closers.values()];
    this.#closers.clear();
    await Promise.all(closers.map(async (close) => close()));
  }

  async #open(): Promise<RefreshTokenStore> {
    const given = await this.openStore();
    if (!isWithClose(given)) return this.calls.watched(given);
    this.#closers.set(given.store, () => given.close());
    return this.calls.watched(given.store);
  }
}

/** A store may have a `store` and a `close` of its own: it is a store all the same. */
function isWithClose(given: Given): given is OpenedStore {
  return !('insert' in given) && 'store' in given;
}
