import { CookieJar } from 'tough-cookie';
import { assembleAuthClient } from '../../src/client/assemble-auth-client.js';
import type { AuthClient, AuthClientOptions } from '../../src/client/index.js';

export interface CookieKeepingClient {
  client: AuthClient;
  jar: CookieJar;
  /** Lets time pass for the client alone. */
  advance(ms: number): void;
}

/**
 * The published client, with cookies as a browser keeps them. Its time is the test's: a pause before a retry takes
 * none, and nothing else makes it pass.
 */
export function cookieKeepingClient(
  baseUrl: string,
  options: AuthClientOptions = {},
): CookieKeepingClient {
  const jar = new CookieJar();
  let nowMs = 0;
  const client = assembleAuthClient(
    {
      baseUrl,
      async fetch(input, init) {
        const target = String(input);
        const headers = new Headers(init?.headers);
        headers.set('cookie', await jar.getCookieString(target));
        const response = await fetch(target, { ...init, headers });
        for (const line of response.headers.getSetCookie()) await jar.setCookie(line, target);
        return response;
      },
      ...options,
    },
    {
      now: () => nowMs,
      random: () => 0.5,
      after(ms, task, isInBackground) {
        // The time limit of a request, which a slow machine must not reach.
        if (isInBackground) return;
        nowMs += ms;
        setImmediate(task);
      },
      href: undefined,
      locks: undefined,
      channel: () => undefined,
      onWake() {},
    },
  );
  return { client, jar, advance: (ms) => void (nowMs += ms) };
}
