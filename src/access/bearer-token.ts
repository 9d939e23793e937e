import { AuthError } from '../errors/auth-error.js';
import { LONGEST_TOKEN } from '../tokens/token-signer.js';
import { header, timesSent, type HttpRequest } from './http-request.js';

/** RFC 6750 §2.1; the scheme's case doesn't matter (RFC 9110 §11.1). */
const SCHEME = 'bearer ';

/**
 * The token of the `Authorization: Bearer` header, or null if there is none.
 * No regular expression: passport-jwt's takes 330 ms for a header of 16 KB without a space.
 * @throws {AuthError} `invalid_request` for two Authorization headers (RFC 6750 §2)
 */
export function bearerToken(request: HttpRequest): string | null {
  const authorization = header(request, 'authorization');
  if (authorization === null || authorization.length > LONGEST_TOKEN + SCHEME.length) {
    if (authorization === null) return null;
    throw new AuthError('token_invalid', 'The Authorization header is too long.');
  }
  if (timesSent(request, 'authorization') > 1) {
    throw new AuthError('invalid_request', 'Send one Authorization header, not several.');
  }
  if (authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return null;
  return authorization.slice(SCHEME.length).trim() || null;
}
