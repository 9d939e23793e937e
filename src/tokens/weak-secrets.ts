import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { HmacAlgorithm } from '../options/auth-options.js';
import { repeatedPiece } from '../options/repetition.js';
import { isPublishedSecret } from './published-secrets.js';

/** RFC 7518 §3.2: an HMAC key is at least as long as the hash. */
const LEAST_BYTES: Record<HmacAlgorithm, number> = { HS256: 32, HS384: 48, HS512: 64 };
const LEAST_DISTINCT_BYTES = 8;

/** @throws {AuthConfigurationError} for a secret that is published, short, or can be guessed */
export function refuseWeak(where: string, bytes: Buffer, algorithm: HmacAlgorithm): void {
  const least = LEAST_BYTES[algorithm];
  const advice = `Use at least ${least} random bytes, for example from "openssl rand -base64 ${least + 16}".`;
  if (isPublishedSecret(bytes.toString())) {
    throw new AuthConfigurationError(
      `${where} is a published example that anybody knows. ${advice}`,
    );
  }
  if (bytes.length < least) {
    throw new AuthConfigurationError(
      `${where} has ${bytes.length} bytes, ${algorithm} needs at least ${least}. ${advice}`,
    );
  }
  const piece = repeatedPiece(bytes, (one, other) => one.equals(other));
  if (new Set(bytes).size < LEAST_DISTINCT_BYTES || piece.length < bytes.length) {
    throw new AuthConfigurationError(`${where} repeats itself and can be guessed. ${advice}`);
  }
}
