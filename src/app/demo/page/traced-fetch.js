import { addRequest } from './timeline.js';

/** Set by the switch "offline". */
export const network = { isOffline: false };

/** `fetch` that writes each request into the timeline. */
export async function tracedFetch(input, init) {
  const request = new Request(input, init);
  const { pathname } = new URL(request.url);
  const startedAt = performance.now();
  const row = { method: request.method, path: pathname, curl: asCurl(request) };
  const done = (answer) =>
    addRequest({ ...row, ...answer, ms: Math.round(performance.now() - startedAt) });
  try {
    if (network.isOffline) throw new TypeError('Offline');
    const response = await fetch(request);
    const { code } = await bodyOf(response.clone());
    done({ status: response.status, code });
    return response;
  } catch (error) {
    done({ status: 0, code: error.name === 'AbortError' ? '(given up)' : '' });
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

/** The cookie is left to curl's jar: this page doesn't know it. */
function asCurl(request) {
  const parts = ['curl', '-i', '-b', 'cookies.txt', '-c', 'cookies.txt'];
  if (request.method !== 'GET') parts.push('-X', request.method);
  for (const [name, value] of request.headers) parts.push('-H', `'${name}: ${value}'`);
  const needsCookie = /\/(refresh|logout)$/.test(new URL(request.url).pathname);
  const note = needsCookie ? ' # needs the HttpOnly cookie, which this page can not read' : '';
  return `${[...parts, `'${request.url}'`].join(' ')}${note}`;
}
