import {
  createAuthClient,
  type AuthClient,
  type AuthClientOptions,
} from '../../src/client/index.js';

/** What the page has for the tests to call. */
export interface PageScope {
  auth: AuthClient;
  startClient(options: AuthClientOptions): void;
  /** `Date.now()` is wrong by so much. */
  clockError: number;
  /** Counts while timers run. */
  ticks: number;
}

const scope = globalThis as unknown as PageScope;
scope.startClient = (options) => {
  scope.auth = createAuthClient(options);
};
