import type { Fetch } from './auth-client.js';
import { AuthClientError, UNEXPECTED } from './auth-client-error.js';
import { jsonBody } from './json-body.js';

/** Response body with an access token. */
export interface TokenBody {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
}

/** Posts, and returns the response's JSON. Any failure is an {@link AuthClientError}. */
export async function post<T>(url: URL, init: RequestInit, send: Fetch): Promise<Partial<T>> {
  const response = await send(url, { method: 'POST', credentials: 'include', ...init }).catch(
    (error: unknown) => {
      throw error instanceof AuthClientError
        ? error
        : new AuthClientError('unreachable', { cause: error });
    },
  );
  const body = await jsonBody<AuthClientError & T>(response);
  if (response.ok) return body;
  throw new AuthClientError(body.code ?? UNEXPECTED, {
    ...body,
    cause: body,
    status: response.status,
    retryAfterMs: (response.headers.get('retry-after') as unknown as number) * 1000,
  });
}
