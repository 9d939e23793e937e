import { asCurl } from './as-curl.js';
import { addRequest, refreshesSoFar } from './timeline.js';

/** Set by the switch "offline". */
export const network = { isOffline: false };

/** `fetch` that writes each request into the timeline. */
export async function tracedFetch(input, init) {
  const request = new Request(input, init);
  const { pathname } = new URL(request.url);
  const curl = await asCurl(request);
  const row = { method: request.method, path: pathname, curl, after: refreshesSoFar() };
  const startedAt = performance.now();
  const done = (outcome) =>
    addRequest({ ...row, ...outcome, ms: Math.round(performance.now() - startedAt) });
  try {
    if (network.isOffline) throw new TypeError('Offline');
    const response = await fetch(request);
    const { code } = await bodyOf(response.clone());
    done({ status: response.status, code });
    return response;
  } catch (error) {
    done({ status: 0, code: /^(Abort|Timeout)Error$/.test(error.name) ? '(given up)' : '' });
    throw error;
  }
}

async function bodyOf(response) {
  try {
    return (await response.json()) ?? {};
  } catch {
    return {};
  }
}
