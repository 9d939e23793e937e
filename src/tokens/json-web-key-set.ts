import type { TokenKey } from './keys.js';

/** A public key as RFC 7517 §4 writes it. */
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

export const JSON_WEB_KEY_SET = Symbol('nestjs-refresh-auth JSON web key set');

/** The public keys among the keys, so that other services can verify access tokens; secrets are never in it. */
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
