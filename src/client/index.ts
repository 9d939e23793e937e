export { createAuthClient } from './create-auth-client.js';
export { AuthClientError, type AuthClientErrorDetails } from './auth-client-error.js';
export type {
  AuthClient,
  AuthClientOptions,
  AuthRoute,
  AuthState,
  Fetch,
  FetchInput,
} from './auth-client.js';
