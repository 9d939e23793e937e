import { Logger } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { textOf } from '../errors/text-of.js';
import type { AsymmetricAlgorithm, RemoteSign } from '../options/auth-options.js';
import { LONGEST_RESPONSE_MS } from '../runtime/time-bounds.js';
import { withinTime } from '../runtime/time-limit.js';
import type { TokenKey } from './keys.js';
import { isSignature } from './signature.js';

const logger = new Logger('AuthModule');

/**
 * The signature by a key that is kept elsewhere, for example in a KMS. It is checked against the public key, because a
 * client with an invalid token would refresh again and again: some KMS return DER for ES256, or sign with an outdated
 * key.
 * @throws {AuthError} `busy` if there is no good signature in time; the reason is its `cause`, and logged
 */
export async function remoteSignature(
  remoteSign: RemoteSign,
  { algorithm, verifyingKey }: TokenKey,
  signed: string,
): Promise<Buffer> {
  const data = Buffer.from(signed);
  try {
    const signature = Buffer.from(await withinTime(remoteSign(data), LONGEST_RESPONSE_MS));
    // Only asymmetric keys have a `sign` function.
    if (isSignature(algorithm as AsymmetricAlgorithm, verifyingKey, signed, signature)) {
      return signature;
    }
    throw new Error(
      `The sign function of accessToken.keys answered with what is no ${algorithm} signature of its public key` +
        `${algorithm === 'ES256' ? ': RFC 7518 wants the 64 bytes of r and s, not DER' : ''}.`,
    );
  } catch (cause) {
    logger.error(`An access token could not be signed: ${textOf(cause)}`);
    throw new AuthError('busy', 'The token could not be signed. Try again.', {
      cause,
      retryAfter: 1,
    });
  }
}
