import type { AuthClient, AuthClientOptions, AuthRoute, Fetch } from './auth-client.js';
import { AuthClientError, UNEXPECTED } from './auth-client-error.js';
import { baseUrl, post, type TokenBody } from './auth-routes.js';
import { authorizedFetch, tokenKeeper } from './authorized-fetch.js';
import { createBell } from './bell.js';
import { hold, type HeldToken } from './held-token.js';
import { refreshAttempt } from './refresh-attempt.js';
import { refreshFlight } from './refresh-flight.js';
import { createSession } from './session.js';
import type { Surroundings } from './surroundings.js';
import { tabChannel } from './tab-channel.js';
import { lockOfThisTab, tabLock } from './tab-lock.js';

/** The parts of a client, wired. */
export function assembleAuthClient(options: AuthClientOptions, around: Surroundings): AuthClient {
  const { href, now } = around;
  const { timeoutMs = 8_000, leewaySeconds = 30, background, share = !!href } = options;
  const base = baseUrl(options.baseUrl, href);
  const origins = [base, ...(options.origins ?? [])].map((url) => new URL(url).origin);
  const send: Fetch = (input, init) => (options.fetch ?? fetch)(input, init);
  const disposal = new AbortController();
  const { signal: disposed } = disposal;

  const session = createSession(() => {
    flight.land();
    renewInTime();
  });
  const name = `nestjs-refresh-auth ${base}`;
  const news = createBell(around);
  const channel = share ? around.channel(name) : undefined;
  const tabs = tabChannel(channel, session, news, around, disposed);
  const locked = share && around.locks ? tabLock(around.locks, name, news) : lockOfThisTab();

  function call(route: AuthRoute, init?: RequestInit, limitMs = timeoutMs, via = send) {
    const url = new URL(options.paths?.[route] ?? `auth/${route}`, base);
    return post<TokenBody>(url, { ...init, signal: around.timeout(limitMs) }, via);
  }

  async function callForToken(...request: Parameters<typeof call>): Promise<HeldToken> {
    const since = now();
    const { accessToken, expiresIn } = (await call(...request)) ?? {};
    if (!accessToken || !(expiresIn! > 0)) throw new AuthClientError(UNEXPECTED);
    return hold(accessToken, expiresIn! * 1000, since, around.random());
  }

  /** A token has come, or there will be none. */
  function conclude(held?: HeldToken, reason = 'logout'): Promise<void> {
    session.change(held, reason);
    return tabs.tell();
  }

  const attempt = refreshAttempt(
    session,
    tabs.ask,
    locked,
    (failures) => {
      const limitMs = (leewaySeconds * 1000 * 2 ** failures) / 3 || timeoutMs;
      // What the answer sets must reach the cookie jar even if the page goes away meanwhile.
      return callForToken('refresh', { keepalive: true }, Math.min(timeoutMs, limitMs));
    },
    conclude,
  );
  const goesOn = () => (background || href) && !disposed.aborted;
  const flight = refreshFlight(attempt, session, around, timeoutMs, goesOn);
  const keepToken = tokenKeeper(session, flight, now);
  const refresh: AuthClient['refresh'] = async (usedToken = session.held?.token) => {
    if (session.held?.token === usedToken) await flight.join();
    return session.held?.token;
  };
  const authFetch = authorizedFetch(session, keepToken, refresh, conclude, origins, base, send);

  function renewInTime(): void {
    const { held } = session;
    if (!held || disposed.aborted) return;
    const dueInMs = held.dueAt - now();
    const ifUnchanged = () => session.held === held && renewInTime();
    if (dueInMs <= 0) flight.join().catch(() => {});
    else if (background) around.after(dueInMs, ifUnchanged, true);
  }
  around.onWake(() => {
    flight.retry();
    renewInTime();
  }, disposed);

  /** After a login or a logout that succeeded. */
  function begin(held?: HeldToken): Promise<void> {
    session.epoch = Math.max(session.epoch + 1, now());
    return conclude(held);
  }
  const enter = (route: 'login' | 'register') => (credentials: object) =>
    locked(async () => {
      const headers = { 'content-type': 'application/json' };
      await begin(await callForToken(route, { headers, body: JSON.stringify(credentials) }));
    });
  async function leave(route: 'logout' | 'logout-all', via?: Fetch): Promise<void> {
    await call(route, {}, timeoutMs, via);
    await begin();
  }

  return {
    fetch: authFetch,
    login: enter('login'),
    register: enter('register'),
    logout: ({ everywhere } = {}) =>
      // The one for everywhere may have to refresh, which takes the lock. It sets no cookie worth one.
      everywhere ? leave('logout-all', authFetch) : locked(() => leave('logout')),
    ready: () =>
      keepToken()
        .catch(() => {})
        .then(() => session.state),
    getToken: () => keepToken().then(() => session.held?.token),
    getState: () => session.state,
    subscribe: session.subscribe,
    refresh,
    dispose: () => disposal.abort(),
  };
}
