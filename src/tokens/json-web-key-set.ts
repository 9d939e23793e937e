import type { TokenKey } from './keys.js';

/** A public key in the format of RFC 7517 §4. */
export interface PublicJsonWebKey {
  kty?: string | undefined;
  kid: string;
  alg: string;
  use: 'sig';
  [member: string]: unknown;
}

/** RFC 7517 §5. */
export interface JsonWebKeySet {
  keys: PublicJsonWebKey[];
}

export const JSON_WEB_KEY_SET = 'nestjs-refresh-auth:JSON_WEB_KEY_SET';

/** The public keys, so that other services can verify access tokens; it never contains a secret. */
export function jsonWebKeySet(keys: readonly TokenKey[]): JsonWebKeySet {
  return {
    keys: keys
      .filter(({ verifyingKey }) => verifyingKey.type === 'public')
      .map(({ verifyingKey, kid, algorithm }) => ({
        ...verifyingKey.export({ format: 'jwk' }),
        kid,
        alg: algorithm,
        use: 'sig',
      })),
  };
}
