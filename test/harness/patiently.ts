import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './http-client.js';

const MOST_TRIES = 20;

/**
 * As clients do: a 503 asks to come back, and on a machine with little to spare many requests at once bring some; a
 * request that met a connection which the server was just closing is sent again.
 */
export async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask().catch((error: unknown) => {
      if (tries === MOST_TRIES) throw error;
      return null;
    });
    if (answer !== null && (answer.status !== 503 || tries === MOST_TRIES)) return answer;
    await pause(answer === null ? 0 : 1000 * Number(answer.headers.get('retry-after')));
  }
}
