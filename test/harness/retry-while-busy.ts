import { setTimeout as pause } from 'node:timers/promises';
import type { HttpResponse } from './http-client.js';

const MOST_TRIES = 20;

/**
 * Retries as clients do. On a slow machine many requests at once cause some 503, which means that the client retries. A
 * request that met a connection which the server was just closing is sent again.
 */
export async function retryWhileBusy(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
  for (let tries = 1; ; tries += 1) {
    const response = await send().catch((error: unknown) => {
      if (tries === MOST_TRIES) throw error;
      return null;
    });
    if (response !== null && (response.status !== 503 || tries === MOST_TRIES)) return response;
    await pause(response === null ? 0 : 1000 * Number(response.headers.get('retry-after')));
  }
}
