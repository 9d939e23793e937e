import { HttpClient, type HttpResponse } from '../harness/http-client.js';
import { PASSWORD } from '../harness/test-secrets.js';
import type { RunningApp } from './consumer-app.js';

export const COOKIE = '__Host-refresh_token';
/** For the pages on new secrets. */
export const newSecrets = {
  ACCESS_TOKEN_SECRET_NEW: 'Pq7wE2rT9yU4iO1pA6sD8fG3hJ5kL0zX-access-new',
  REFRESH_TOKEN_SECRET_NEW: 'Bn5mQ8wE1rT6yU2iO9pA4sD7fG0hJ3kL-refresh-new',
};

export function credentials(username: string): { username: string; password: string } {
  return { username, password: PASSWORD };
}

export async function registered(app: RunningApp, username: string) {
  const client = new HttpClient(app.url);
  const { status, body } = await client.post('/auth/register', { body: credentials(username) });
  if (status !== 201)
    throw new Error(`the registration failed with ${status}: ${JSON.stringify(body)}`);
  return { client, bearer: body.accessToken as string };
}

/** The status, and the code of an error or the whole body of anything else. */
export function outcome({ status, body }: HttpResponse): [number, unknown] {
  return [status, body?.code ?? body];
}

export function headerOf(token: string): { alg: string; kid: string } {
  const header = Buffer.from(token.split('.', 1)[0]!, 'base64url').toString();
  return JSON.parse(header) as { alg: string; kid: string };
}
