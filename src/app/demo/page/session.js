import { createAuthClient } from './client/index.js';
import { tracedFetch } from './traced-fetch.js';

/** Where the demo's own AuthModule is. */
export const BASE = '/demo/auth';

const path = (name) => `demo/auth/${name}`;

/** The published client, with a `fetch` that keeps a diary. */
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

/** The id of the session that this page is in, or null. Kept after it ends, so that its end is recognised. */
export const current = { sessionId: null };

/** Which session an access token is of. Only for the drawings. */
export function sessionIdOf(jwt) {
  return JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sid;
}

/** Pulls one of the demo server's strings. */
export async function pull(name, body = {}, headers = {}) {
  const response = await fetch(`/demo/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? undefined : response.json();
}
