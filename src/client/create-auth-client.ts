import { assembleAuthClient } from './assemble-auth-client.js';
import type { AuthClient, AuthClientOptions } from './auth-client.js';
import { currentPlatform } from './platform.js';

/**
 * Creates a client for the routes of nestjs-refresh-auth. It keeps the access token in memory and renews it. In a
 * browser, create one for the whole page. On a server, create one per request, with that request's own `fetch`.
 *
 * @throws {TypeError} outside of pages, when no absolute `baseUrl` is given
 */
export function createAuthClient(options: AuthClientOptions = {}): AuthClient {
  return assembleAuthClient(options, currentPlatform());
}
