import {
  createAuthClient,
  type AuthClient,
  type AuthClientOptions,
} from '../../src/client/index.js';

/** The functions of the page that the tests call. */
export interface PageScope {
  auth: AuthClient;
  startClient(options: AuthClientOptions): void;
  /** By how much `Date.now()` is wrong. */
  clockError: number;
  /** Counts while timers run. */
  ticks: number;
}

const scope = globalThis as unknown as PageScope;
scope.startClient = (options) => {
  scope.auth = createAuthClient(options);
};
