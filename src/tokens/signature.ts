import { constants, createHmac, sign, type KeyObject } from 'node:crypto';
import type { AsymmetricAlgorithm, HmacAlgorithm } from '../options/auth-options.js';

/** The signature of a token's header and payload, as RFC 7518 §3 lays it out for the algorithm. */
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
    case 'RS256':
      return sign('sha256', Buffer.from(signed), key);
    case 'PS256':
      return sign('sha256', Buffer.from(signed), {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    case 'ES256':
      return sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  }
}
