import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';

export type OpenStore = () => RefreshTokenStore | Promise<RefreshTokenStore>;

/** Sentences of the contract, each with a check that fails if a store breaks it. */
export type StoreCases = Record<
  string,
  (store: RefreshTokenStore, openStore: OpenStore) => Promise<void>
>;
