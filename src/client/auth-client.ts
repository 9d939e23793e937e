import type { AuthClientError } from './auth-client-error.js';

export type Fetch = typeof fetch;
export type FetchInput = Parameters<Fetch>[0];

export type AuthRoute = 'login' | 'register' | 'refresh' | 'logout' | 'logout-all';

/**
 * - `unknown`: the server has not been asked yet, or (`error`) could not be
 * - `authenticated`: signed in; `login` changes when somebody signs in anew, in whatever tab
 * - `stale`: signed in, but the last refresh failed for now (`error`); it is tried again
 * - `anonymous`: signed out; `reason` is `logout` or the server's final code, such as `refresh_reused`
 */
export type AuthState =
  | { readonly status: 'unknown'; readonly error?: AuthClientError }
  | { readonly status: 'authenticated'; readonly login: number }
  | { readonly status: 'stale'; readonly login: number; readonly error: AuthClientError }
  | { readonly status: 'anonymous'; readonly reason: string };

export interface AuthClientOptions {
  /** Where `paths`, and relative URLs given to `fetch`, start. Default: the root of the page's origin. */
  baseUrl?: string;
  /** Origins that the access token is sent to, besides the one of `baseUrl`. */
  origins?: readonly string[];
  /** Instead of the global `fetch`. On a server: one that carries the cookies of the request being served. */
  fetch?: Fetch;
  /** Relative to `baseUrl`. Default `auth/login`, `auth/register`, `auth/refresh`, `auth/logout`, `auth/logout-all`. */
  paths?: Partial<Record<AuthRoute, string>>;
  /**
   * The server's `refreshToken.leeway`, in seconds. Default 30. A refresh whose answer got lost must be repeated
   * within it, so the first try is given up after a third of it, each further one after twice the time.
   */
  leewaySeconds?: number;
  /** How long one request to the auth routes, or a wait for a refresh that keeps failing, may take. Default 8000. */
  timeoutMs?: number;
  /** Whether tabs share token, login and logout, and take turns refreshing. Default: in pages true, elsewhere false. */
  share?: boolean;
  /** Refreshes by a timer too, so that an idle page holds a valid token (for a WebSocket, say). Default false. */
  background?: boolean;
}

export interface AuthClient {
  /**
   * Like the global `fetch`, with the access token where the origin is allowed and the caller set no `Authorization`.
   * Refreshes before it where that is due, and after a 401 `token_*`, which it answers with one replay.
   *
   * @throws {AuthClientError} when a token is needed and can't be had for now; a signed out client gets its 401
   */
  fetch(input: FetchInput, init?: RequestInit): Promise<Response>;
  /**
   * Signs in, in every tab.
   *
   * @throws {AuthClientError} `invalid_credentials`, `too_many_attempts`, `unreachable` …; whoever was signed in still is
   */
  login(credentials: object): Promise<void>;
  /**
   * Creates a user and signs in, where the server allows it.
   *
   * @throws {AuthClientError} `username_taken`, `invalid_request` …
   */
  register(credentials: object): Promise<void>;
  /**
   * Signs out, in every tab; with `everywhere` on every device.
   *
   * @throws {AuthClientError} when the server could not be told. The session, and its cookie, are still there then.
   */
  logout(options?: { everywhere?: boolean }): Promise<void>;
  /** The state once it is known, or once the first try to find out has failed (`unknown` with an `error`). */
  ready(): Promise<AuthState>;
  /**
   * A valid access token, for what doesn't go through `fetch`; undefined when signed out.
   *
   * @throws {AuthClientError} when none can be had for now
   */
  getToken(): Promise<string | undefined>;
  /** What `subscribe` told last: the same object until there is something new. */
  getState(): AuthState;
  /** Calls after every sign-in, new token, failure to get one, and sign-out. Returns how to stop it. */
  subscribe(listener: (state: AuthState) => void): () => void;
  /**
   * Refreshes now, or joins the refresh that is under way. Given the token that a request was refused with,
   * it does nothing if there is another one already. Returns the token to go on with, undefined when signed out.
   *
   * @throws {AuthClientError} when it can't be done for now
   */
  refresh(usedToken?: string): Promise<string | undefined>;
  /** Ends everything that goes on by itself: timers, listeners, the channel between tabs. */
  dispose(): void;
}
