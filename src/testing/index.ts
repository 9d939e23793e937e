export { FakeClock, type TimeSpan } from './fake-clock.js';
export { MemoryRefreshTokenStore } from './memory-refresh-token-store.js';
export { MemoryUserDirectory, type NewTestUser } from './memory-user-directory.js';
export { signedInAs } from './signed-in-as.js';
export {
  refreshTokenStoreConformance,
  type ConformanceCase,
  type ConformanceOptions,
} from './store-conformance.js';
export type { OpenedStore } from './store-conformance/opened-stores.js';
