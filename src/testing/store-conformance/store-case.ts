import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';

export type OpenStore = () => RefreshTokenStore | Promise<RefreshTokenStore>;

/** Sentences of the port's contract, each with the check that fails where a store breaks it. */
export type StoreCases = Record<
  string,
  (store: RefreshTokenStore, openStore: OpenStore) => Promise<void>
>;
