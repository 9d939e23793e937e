import type { AuthRoute, Fetch } from './auth-client.js';
import { AuthClientError } from './auth-client-error.js';
import { retryAfterMs } from './backoff.js';
import type { Surroundings } from './surroundings.js';

/** The body of an answer that carries an access token. */
export interface TokenBody {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
}

/** One bounded request: the JSON of its answer, undefined where that is empty, or an {@link AuthClientError}. */
export async function postTo(
  url: string,
  init: RequestInit,
  timeoutMs: number,
  { after }: Surroundings,
  send: Fetch,
): Promise<unknown> {
  const stop = new AbortController();
  const cancel = after(timeoutMs, () => stop.abort());
  try {
    const { signal } = stop;
    const response = await send(url, { method: 'POST', credentials: 'include', signal, ...init });
    const { status, headers } = response;
    const body = parsed(await response.text());
    if (response.ok && body !== null) return body;
    const { code, message } = (body ?? {}) as { code?: string; message?: string };
    throw new AuthClientError(
      body ? (code ?? `http_${status}`) : 'unexpected_answer',
      status,
      message,
      retryAfterMs(headers),
    );
  } catch (error) {
    if (error instanceof AuthClientError) throw error;
    throw new AuthClientError('unreachable', 0, String(error), 0, error);
  } finally {
    cancel();
  }
}

export function tokenBody(body: unknown): TokenBody {
  const { accessToken, expiresIn } = (body ?? {}) as Partial<TokenBody>;
  if (typeof accessToken === 'string' && expiresIn! > 0) return body as TokenBody;
  throw new AuthClientError('unexpected_answer');
}

/** The URL of each route. */
export function routesAt(base: string, paths: Partial<Record<AuthRoute, string>> = {}) {
  return (route: AuthRoute) =>
    new URL(paths[route] ?? `auth/${route === 'logoutAll' ? 'logout-all' : route}`, base).href;
}

/** Undefined for nothing, null for what is no JSON object. */
function parsed(text: string): object | null | undefined {
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
