import type { AuthClientError } from './auth-client-error.js';

export type Fetch = typeof fetch;
export type FetchInput = Parameters<Fetch>[0];

export type AuthRoute = 'login' | 'register' | 'refresh' | 'logout' | 'logout-all';

/**
 * - `unknown`: no request was sent yet, or the server could not be reached (`error`)
 * - `authenticated`: signed in; `login` is another number after each new login, in any tab
 * - `stale`: signed in, but the last refresh failed (`error`) and will be retried
 * - `anonymous`: signed out; `reason` is `logout` or the server's final code, such as `refresh_reused`
 */
export type AuthState =
  | { readonly status: 'unknown'; readonly error?: AuthClientError }
  | { readonly status: 'authenticated'; readonly login: number }
  | { readonly status: 'stale'; readonly login: number; readonly error: AuthClientError }
  | { readonly status: 'anonymous'; readonly reason: string };

export interface AuthClientOptions {
  /** Base of `paths` and of relative URLs given to `fetch`. Default: the root of the page's origin. */
  baseUrl?: string;
  /** Origins that may receive the access token, besides the origin of `baseUrl`. */
  origins?: readonly string[];
  /** Used instead of the global `fetch`. On a server: a `fetch` that sends the cookies of the request being served. */
  fetch?: Fetch;
  /** Relative to `baseUrl`. Default `auth/login`, `auth/register`, `auth/refresh`, `auth/logout`, `auth/logout-all`. */
  paths?: Partial<Record<AuthRoute, string>>;
  /**
   * The server's `refreshToken.leeway`, in seconds. Default 30. When the response to a refresh is lost, the refresh
   * must be repeated within the leeway. So the first try times out after a third of it, and each further try after
   * twice the time of the one before.
   */
  leewaySeconds?: number;
  /**
   * Longest time for one request to an auth route, and for waiting on a refresh that keeps failing. Milliseconds.
   * Default 8000.
   */
  timeoutMs?: number;
  /**
   * Whether tabs share the token, login and logout, and refresh one at a time. Default: true in pages, false elsewhere.
   */
  share?: boolean;
  /**
   * Also refreshes by a timer, so that an idle page always holds a valid token (for a WebSocket, say). Default false.
   */
  background?: boolean;
}

export interface AuthClient {
  /**
   * Like the global `fetch`, but adds the access token if the origin is allowed and the caller set no `Authorization`.
   * Refreshes first if that is due, and after a 401 `token_*`; then it sends the request once more.
   *
   * @throws {AuthClientError} when a token is needed and cannot be fetched now; a signed-out client gets the 401 itself
   */
  fetch(input: FetchInput, init?: RequestInit): Promise<Response>;
  /**
   * Signs in, in every tab.
   *
   * @throws {AuthClientError} `invalid_credentials`, `too_many_attempts`, `unreachable` …; a user who was signed in
   * before stays signed in
   */
  login(credentials: object): Promise<void>;
  /**
   * Creates a user and signs in, where the server allows it.
   *
   * @throws {AuthClientError} `username_taken`, `invalid_request` …
   */
  register(credentials: object): Promise<void>;
  /**
   * Signs out, in every tab; with `everywhere`, on every device.
   *
   * @throws {AuthClientError} when the server could not be reached. The session and its cookie still exist then.
   */
  logout(options?: { everywhere?: boolean }): Promise<void>;
  /** The state once it is known, or once the first try to find out failed (`unknown` with an `error`). */
  ready(): Promise<AuthState>;
  /**
   * A valid access token, for requests that don't use `fetch`; undefined when signed out.
   *
   * @throws {AuthClientError} when no token can be fetched now
   */
  getToken(): Promise<string | undefined>;
  /** The state that `subscribe` reported last: the same object until it changes. */
  getState(): AuthState;
  /**
   * Calls the listener after every sign-in, new token, failed refresh and sign-out. Returns a function that
   * unsubscribes.
   */
  subscribe(listener: (state: AuthState) => void): () => void;
  /**
   * Refreshes now, or joins a running refresh. Given the token that a request was refused with, it does nothing if the
   * client has a newer one. Returns the current token, undefined when signed out.
   *
   * @throws {AuthClientError} when the refresh fails for now
   */
  refresh(usedToken?: string): Promise<string | undefined>;
  /** Ends all background work: timers, listeners, the channel between tabs. */
  dispose(): void;
}
