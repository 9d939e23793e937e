import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { HmacAlgorithm } from '../options/auth-options.js';
import { weaknessOf } from './secret-weakness.js';

/** RFC 7518 §3.2: an HMAC key must be at least as long as the hash. */
const LEAST_BYTES: Record<HmacAlgorithm, number> = { HS256: 32, HS384: 48, HS512: 64 };

/** @throws {AuthConfigurationError} for a secret that is published, short or guessable */
export function refuseWeak(where: string, bytes: Buffer, algorithm: HmacAlgorithm): void {
  const weakness = weaknessOf(bytes, algorithm, LEAST_BYTES[algorithm]);
  if (weakness === null) return;
  const least = LEAST_BYTES[algorithm];
  throw new AuthConfigurationError(
    `${where} ${weakness}. Use at least ${least} random bytes, for example from "openssl rand -base64 ${least + 16}".`,
  );
}
