import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';

/** Sentences of the port's contract, each with the check that fails where a store breaks it. */
export type StoreCases = Record<string, (store: RefreshTokenStore) => Promise<void>>;
