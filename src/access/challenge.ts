import type { AuthError } from '../errors/auth-error.js';

/**
 * The `WWW-Authenticate` header of an answer, or null where it has none.
 * RFC 6750 §3: bare `Bearer` where no token came, `error="invalid_token"` where a bad one did.
 */
export function challengeFor(error: AuthError): string | null {
  if (error.getStatus() !== 401) return null;
  switch (error.code) {
    case 'token_invalid':
    case 'token_expired':
    case 'session_revoked':
      return `Bearer error="invalid_token", error_description="${error.message}"`;
    default:
      return 'Bearer';
  }
}
