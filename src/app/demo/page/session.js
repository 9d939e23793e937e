import { createAuthClient } from './client/index.js';
import { tracedFetch } from './traced-fetch.js';

/** Where the demo's own AuthModule is. */
export const BASE = '/demo/auth';

const path = (name) => `demo/auth/${name}`;

/** The published client, with a `fetch` that records requests in the timeline. */
export const client = createAuthClient({
  fetch: tracedFetch,
  leewaySeconds: 5,
  background: true,
  paths: {
    login: path('login'),
    register: path('register'),
    refresh: path('refresh'),
    logout: path('logout'),
    'logout-all': path('logout-all'),
  },
});

/** The session of this page and its user, kept after the end of the session; and the reason of the end. */
export const current = { sessionId: null, userId: null, endedBy: null };

/** The content of an access token. Only for the drawings. */
export function claimsOf(jwt) {
  return JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
}

/** Uses one of the demo server's controls. */
export async function pull(name, body = {}, headers = {}) {
  const response = await fetch(`/demo/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? undefined : response.json();
}
