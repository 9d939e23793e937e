import { assembleAuthClient } from './assemble-auth-client.js';
import type { AuthClient, AuthClientOptions } from './auth-client.js';
import { surroundings } from './platform.js';

/**
 * A client for the routes of nestjs-refresh-auth: keeps the access token in memory and a valid one at hand.
 * In a page, one for all of it. On a server, one for each request, with a `fetch` of that request's own.
 *
 * @throws {TypeError} outside of pages, when no absolute `baseUrl` is given
 */
export function createAuthClient(options: AuthClientOptions = {}): AuthClient {
  return assembleAuthClient(options, surroundings());
}
