import {
  constants,
  createHmac,
  sign,
  verify,
  type KeyObject,
  type SigningOptions,
} from 'node:crypto';
import type { AsymmetricAlgorithm, HmacAlgorithm } from '../options/auth-options.js';

/** The signature of a token's header and payload, in the form that RFC 7518 §3 gives for the algorithm. */
export function signature(
  algorithm: HmacAlgorithm | AsymmetricAlgorithm,
  key: KeyObject,
  signed: string,
): Buffer {
  switch (algorithm) {
    case 'HS256':
    case 'HS384':
    case 'HS512':
      return createHmac(`sha${algorithm.slice(2)}`, key)
        .update(signed)
        .digest();
    default:
      return sign('sha256', Buffer.from(signed), { key, ...LAYOUTS[algorithm] });
  }
}

/** Whether the bytes are that signature, checked with the public key. */
export function isSignature(
  algorithm: AsymmetricAlgorithm,
  key: KeyObject,
  signed: string,
  bytes: Uint8Array,
): boolean {
  return verify('sha256', Buffer.from(signed), { key, ...LAYOUTS[algorithm] }, bytes);
}

const LAYOUTS: Record<AsymmetricAlgorithm, SigningOptions> = {
  RS256: {},
  PS256: {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  },
  ES256: { dsaEncoding: 'ieee-p1363' },
};
