import type { AuthClient, AuthClientOptions, AuthRoute, Fetch } from './auth-client.js';
import { AuthClientError, UNEXPECTED } from './auth-client-error.js';
import { post, type TokenBody } from './auth-routes.js';
import { authorizedFetch, createEnsureToken } from './authorized-fetch.js';
import { createWakeableSleep } from './wakeable-sleep.js';
import { createRequests } from './replayable-request.js';
import { hold, type HeldToken } from './held-token.js';
import { refreshAttempt } from './refresh-attempt.js';
import { singleFlightRefresh } from './single-flight-refresh.js';
import { createSession } from './session.js';
import { sessionIdOf } from './session-id-of.js';
import type { Channel, Locks, Platform } from './platform.js';
import { tabChannel } from './tab-channel.js';
import { tabLock } from './tab-lock.js';

/** Builds a client from its parts. */
export function assembleAuthClient(options: AuthClientOptions, platform: Platform): AuthClient {
  const { href, now } = platform;
  const { baseUrl = '', timeoutMs = 8_000, leewaySeconds = 30, background, share = href } = options;
  /** Of the routes and of relative URLs. Ends in a slash. */
  const base = new URL(baseUrl.replace(/\/?$/, '/'), href).href;
  const origins = [base, ...(options.origins ?? [])].map((url) => new URL(url).origin);
  const send: Fetch = async (input, init) => (options.fetch ?? fetch)(input, init);
  const disposal = new AbortController();
  const { signal: disposed } = disposal;

  const session = createSession(() => {
    lastToken = session.held?.token ?? lastToken;
    singleFlight.settle();
    renewInTime();
  });
  const name = `auth/${base}`;
  const untilNews = createWakeableSleep(platform);
  const tabs = tabChannel(
    (share && platform.channel(name)) as Channel,
    session,
    untilNews,
    platform,
    disposed,
  );
  const locked = tabLock((share && platform.locks) as Locks, name, untilNews);

  function call(route: AuthRoute, init?: RequestInit, limitMs = timeoutMs, via = send) {
    const url = new URL(options.paths?.[route] ?? `auth/${route}`, base);
    // Not every browser has AbortSignal.timeout().
    const stop = new AbortController();
    platform.after(limitMs, () => stop.abort({ name: 'TimeoutError' }), true);
    return post<TokenBody>(url, { ...init, signal: stop.signal }, via);
  }

  async function callForToken(...request: Parameters<typeof call>): Promise<HeldToken> {
    const since = now();
    const { accessToken, expiresIn } = await call(...request);
    if (!(accessToken && expiresIn! > 0)) throw new AuthClientError(UNEXPECTED);
    return hold(accessToken, expiresIn! * 1000, since, platform.random());
  }

  /** The last token this client had. Kept after a sign-out. */
  let lastToken: string | undefined;

  /**
   * Stores a new token, or ends the session. A token of another session means that somebody signed in without this
   * client's login(), for example on a page of the server.
   */
  function applyOutcome(
    held?: HeldToken,
    reason?: string,
    isAnother: unknown = lastToken && held && sessionIdOf(held.token) !== sessionIdOf(lastToken),
  ): Promise<void> {
    if (isAnother) session.epoch = Math.max(session.epoch + 1, now());
    session.change(held, reason);
    return tabs.send();
  }

  const attempt = refreshAttempt(
    session,
    tabs.query,
    locked,
    (failures) =>
      // keepalive: the new cookie must be stored even if the user leaves the page before the response.
      callForToken(
        'refresh',
        { keepalive: true },
        Math.min(timeoutMs, (leewaySeconds * 1000 * 2 ** failures) / 3 || timeoutMs),
      ),
    applyOutcome,
  );
  const mayRetryInBackground = () => (background || href) && !disposed.aborted;
  const singleFlight = singleFlightRefresh(
    attempt,
    session,
    platform,
    timeoutMs,
    mayRetryInBackground,
  );
  const ensureToken = createEnsureToken(session, singleFlight, now);
  const refresh: AuthClient['refresh'] = async (usedToken = session.held?.token) => {
    if (session.held?.token === usedToken) await singleFlight.join();
    return session.held?.token;
  };
  const authFetch = authorizedFetch(
    session,
    ensureToken,
    refresh,
    applyOutcome,
    createRequests(base, origins, send),
  );

  function renewInTime(): void {
    const { held } = session;
    if (!held || disposed.aborted) return;
    const dueInMs = held.dueAt - now();
    if (dueInMs <= 0) singleFlight.join().catch(() => {});
    else if (background) {
      platform.after(dueInMs, () => session.held === held && renewInTime(), true);
    }
  }
  platform.onWake(() => {
    singleFlight.retry();
    renewInTime();
  }, disposed);

  const signIn = (route: 'login' | 'register') => (credentials: object) =>
    locked(() =>
      callForToken(route, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(credentials),
      }).then((held) => applyOutcome(held, '', true)),
    );
  const signOut = (route: 'logout' | 'logout-all', via?: Fetch) =>
    call(route, {}, timeoutMs, via).then(() => applyOutcome(undefined, 'logout', true));

  return {
    fetch: authFetch,
    login: signIn('login'),
    register: signIn('register'),
    logout: ({ everywhere } = {}) =>
      // logout-all may need a refresh, which takes the lock itself, so it must not hold the lock. It needs none: it
      // sets no cookie.
      everywhere ? signOut('logout-all', authFetch) : locked(() => signOut('logout')),
    ready: () =>
      ensureToken()
        .catch(() => {})
        .then(() => session.state),
    getToken: () => ensureToken().then(() => session.held?.token),
    getState: () => session.state,
    subscribe: session.subscribe,
    refresh,
    dispose: () => disposal.abort(),
  };
}
