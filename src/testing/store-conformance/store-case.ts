import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';

/** Opens the second store of a case: another one on the same sessions, or the first one again. */
export type OpenStore = () => Promise<RefreshTokenStore>;

/** A sentence that says why something could not be tried. */
export type NotTried = string;

/** Sentences of the contract, each with a check that fails if a store breaks it. */
export type StoreCases = Record<
  string,
  (store: RefreshTokenStore, openStore: OpenStore) => Promise<NotTried | void>
>;
