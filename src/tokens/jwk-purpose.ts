import { AuthConfigurationError } from '../errors/configuration-error.js';

export type KeyOperation = 'sign' | 'verify';

/**
 * RFC 7517 §4.2–4.4: a JWK may name its purpose. A key for encryption, or for another algorithm, must not sign tokens: a
 * key with two uses is the weaker of the two.
 *
 * @param needed the operations of which the key must be allowed at least one
 * @throws {AuthConfigurationError} if the JWK has another purpose; a key that is no JWK has none
 */
export function refuseOtherPurpose(
  where: string,
  material: unknown,
  algorithm: string,
  needed: readonly KeyOperation[],
): void {
  if (typeof material !== 'object' || material === null || !('kty' in material)) return;
  const { use, key_ops: operations, alg } = material as Record<string, unknown>;
  if (use !== undefined && use !== 'sig') {
    throw new AuthConfigurationError(
      `${where} is a JWK with use ${JSON.stringify(use)}: give one with use "sig", or without.`,
    );
  }
  if (operations !== undefined && !areFor(operations, needed)) {
    throw new AuthConfigurationError(
      `${where} is a JWK with key_ops ${JSON.stringify(operations)}: give one with ${needed.map((one) => `"${one}"`).join(' or ')} and nothing but signatures, or without key_ops.`,
    );
  }
  if (alg !== undefined && alg !== algorithm) {
    throw new AuthConfigurationError(
      `${where} is a JWK with alg ${JSON.stringify(alg)}, but is used for ${algorithm}: give one with that, or without.`,
    );
  }
}

function areFor(operations: unknown, needed: readonly KeyOperation[]): boolean {
  return (
    Array.isArray(operations) &&
    operations.every((one) => one === 'sign' || one === 'verify') &&
    new Set(operations).size === operations.length &&
    needed.some((one) => operations.includes(one))
  );
}
