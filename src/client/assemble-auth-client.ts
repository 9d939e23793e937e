import type { AuthClient, AuthClientOptions, AuthRoute, Fetch } from './auth-client.js';
import { AuthClientError, UNEXPECTED } from './auth-client-error.js';
import { baseUrl, post, type TokenBody } from './auth-routes.js';
import { authorizedFetch, tokenKeeper } from './authorized-fetch.js';
import { createBell } from './wakeable-sleep.js';
import { hold, type HeldToken } from './held-token.js';
import { refreshAttempt } from './refresh-attempt.js';
import { refreshFlight } from './single-flight-refresh.js';
import { createSession } from './session.js';
import { sessionOf } from './session-of.js';
import type { Channel, Locks, Surroundings } from './platform.js';
import { tabChannel } from './tab-channel.js';
import { tabLock } from './tab-lock.js';

/** The parts of a client, wired. */
export function assembleAuthClient(options: AuthClientOptions, around: Surroundings): AuthClient {
  const { href, now } = around;
  const { timeoutMs = 8_000, leewaySeconds = 30, background, share = href } = options;
  const base = baseUrl(options.baseUrl, href);
  const origins = [base, ...(options.origins ?? [])].map((url) => new URL(url).origin);
  const send: Fetch = async (input, init) => (options.fetch ?? fetch)(input, init);
  const disposal = new AbortController();
  const { signal: disposed } = disposal;

  const session = createSession(() => {
    last = session.held?.token ?? last;
    flight.land();
    renewInTime();
  });
  const name = `nestjs-refresh-auth ${base}`;
  const news = createBell(around);
  const tabs = tabChannel(
    (share && around.channel(name)) as Channel,
    session,
    news,
    around,
    disposed,
  );
  const locked = tabLock((share && around.locks) as Locks, name, news);

  function call(route: AuthRoute, init?: RequestInit, limitMs = timeoutMs, via = send) {
    const url = new URL(options.paths?.[route] ?? `auth/${route}`, base);
    // AbortSignal.timeout() is not everywhere.
    const stop = new AbortController();
    around.after(limitMs, () => stop.abort({ name: 'TimeoutError' }), true);
    return post<TokenBody>(url, { ...init, signal: stop.signal }, via);
  }

  async function callForToken(...request: Parameters<typeof call>): Promise<HeldToken> {
    const since = now();
    const { accessToken, expiresIn } = (await call(...request)) ?? {};
    if (!(accessToken && expiresIn! > 0)) throw new AuthClientError(UNEXPECTED);
    return hold(accessToken, expiresIn! * 1000, since, around.random());
  }

  /** The last token there was, whether or not anybody is signed in still. */
  let last: string | undefined;

  /**
   * A token has come, or there will be none. One of another session says that somebody signed in by a way that this
   * client knows nothing of.
   */
  function conclude(
    held?: HeldToken,
    reason?: string,
    isAnother: unknown = last && held && sessionOf(held.token) !== sessionOf(last),
  ): Promise<void> {
    if (isAnother) session.epoch = Math.max(session.epoch + 1, now());
    session.change(held, reason);
    return tabs.tell();
  }

  const attempt = refreshAttempt(
    session,
    tabs.ask,
    locked,
    (failures) =>
      // What the answer sets must reach the cookie jar even if the page goes away meanwhile.
      callForToken(
        'refresh',
        { keepalive: true },
        Math.min(timeoutMs, (leewaySeconds * 1000 * 2 ** failures) / 3 || timeoutMs),
      ),
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
    if (dueInMs <= 0) flight.join().catch(() => {});
    else if (background) {
      around.after(dueInMs, () => session.held === held && renewInTime(), true);
    }
  }
  around.onWake(() => {
    flight.retry();
    renewInTime();
  }, disposed);

  const enter = (route: 'login' | 'register') => (credentials: object) =>
    locked(() =>
      callForToken(route, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(credentials),
      }).then((held) => conclude(held, '', true)),
    );
  const leave = (route: 'logout' | 'logout-all', via?: Fetch) =>
    call(route, {}, timeoutMs, via).then(() => conclude(undefined, 'logout', true));

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
