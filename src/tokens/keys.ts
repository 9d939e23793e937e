import {
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import type {
  AccessKeyInput,
  AsymmetricAlgorithm,
  HmacAlgorithm,
  RemoteSign,
  SecretInput,
  SecretMaterial,
} from '../options/auth-options.js';
import { refuseOtherPurpose, type KeyOperation } from './jwk-purpose.js';
import { privateKey, publicKey, refuseUnfit, secretBytes } from './key-material.js';
import { refuseWeak } from './weak-secrets.js';

/** A key, built once at boot: turning a string into a key costs half a millisecond each time. */
export interface TokenKey {
  kid: string;
  algorithm: HmacAlgorithm | AsymmetricAlgorithm;
  verifyingKey: KeyObject;
  /** Null for a key that only verifies, and for one kept elsewhere. */
  signingKey: KeyObject | null;
  remoteSign: RemoteSign | null;
}

/**
 * A key of refresh tokens, which also derives their successors and signs device tokens, each with an independent key
 * (RFC 5869).
 */
export interface RefreshTokenKey extends TokenKey {
  ratchetKey: KeyObject;
  deviceKey: KeyObject;
}

/** The first signs, all verify. */
export type Keys<K extends TokenKey> = [K, ...K[]];

/**
 * The keys of access and refresh tokens.
 * @throws {AuthConfigurationError} for a key that is short, weak, published, unfit for its algorithm, or used twice
 */
export function buildKeys(
  access: readonly AccessKeyInput[],
  refresh: readonly SecretInput[],
): { access: Keys<TokenKey>; refresh: Keys<RefreshTokenKey> } {
  const keys = {
    access: access.map((input, i) => accessKey(input, operationsOf(i))) as Keys<TokenKey>,
    refresh: refresh.map((input, i) => refreshKey(input, operationsOf(i))) as Keys<RefreshTokenKey>,
  };
  if (keys.access[0].signingKey === null && keys.access[0].remoteSign === null) {
    throw new AuthConfigurationError(
      'the first of accessToken.keys signs, but has neither privateKey nor sign: put the key that signs first.',
    );
  }
  refuseTwins(keys.access, keys.refresh);
  return keys;
}

/** The first secret signs; the others only verify, whatever else they may be allowed to do. */
function operationsOf(place: number): readonly KeyOperation[] {
  return place === 0 ? ['sign'] : ['sign', 'verify'];
}

function accessKey(input: AccessKeyInput, operations: readonly KeyOperation[]): TokenKey {
  const where = 'accessToken.keys';
  switch (input.algorithm) {
    case 'HS256':
    case 'HS384':
    case 'HS512': {
      const bytes = checkedSecret('accessToken.secret', input.secret, input.algorithm, operations);
      return hmacKey(where, input.kid, bytes, input.algorithm);
    }
    case 'RS256':
    case 'PS256':
    case 'ES256': {
      const { privateKey: own, publicKey: shared } = input;
      refuseOtherPurpose(where, own, input.algorithm, ['sign']);
      refuseOtherPurpose(where, shared, input.algorithm, ['sign', 'verify']);
      const signing = own === undefined ? null : privateKey(where, own);
      const verifying = signing === null ? publicKey(where, shared!) : createPublicKey(signing);
      refuseUnfit(where, verifying, input.algorithm);
      return {
        kid: input.kid === undefined ? thumbprint(verifying) : checkedKid(where, input.kid),
        algorithm: input.algorithm,
        verifyingKey: verifying,
        signingKey: signing,
        remoteSign: input.sign ?? null,
      };
    }
    default:
      throw new AuthConfigurationError(
        `${where}: algorithm must be HS256, HS384, HS512, RS256, PS256 or ES256.`,
      );
  }
}

function refreshKey(input: SecretInput, operations: readonly KeyOperation[]): RefreshTokenKey {
  const where = 'refreshToken.secret';
  const { kid, secret } = namedSecret(input);
  const bytes = checkedSecret(where, secret, 'HS256', operations);
  return {
    ...hmacKey(where, kid, bytes, 'HS256'),
    ratchetKey: derivedKey(bytes, 'ratchet'),
    deviceKey: derivedKey(bytes, 'device'),
  };
}

function derivedKey(secret: Buffer, purpose: 'ratchet' | 'device'): KeyObject {
  const bytes = hkdfSync('sha256', secret, '', `nestjs-refresh-auth/${purpose}/1`, 32);
  return createSecretKey(Buffer.from(bytes));
}

/** A secret alone, or with its own kid. */
function namedSecret(input: SecretInput): { kid?: string; secret: SecretMaterial } {
  return typeof input === 'object' && 'secret' in input ? input : { secret: input };
}

function checkedSecret(
  where: string,
  secret: SecretMaterial,
  algorithm: HmacAlgorithm,
  operations: readonly KeyOperation[],
): Buffer {
  refuseOtherPurpose(where, secret, algorithm, operations);
  const bytes = secretBytes(where, secret);
  refuseWeak(where, bytes, algorithm);
  return bytes;
}

function hmacKey(
  where: string,
  kid: string | undefined,
  bytes: Buffer,
  algorithm: HmacAlgorithm,
): TokenKey {
  const key = createSecretKey(bytes);
  return {
    kid: kid === undefined ? derivedKid(bytes) : checkedKid(where, kid),
    algorithm,
    verifyingKey: key,
    signingKey: key,
    remoteSign: null,
  };
}

function refuseTwins(access: readonly TokenKey[], refresh: readonly TokenKey[]): void {
  const all = [...access, ...refresh];
  for (const [i, one] of all.entries()) {
    for (const other of all.slice(i + 1)) {
      if (one.verifyingKey.equals(other.verifyingKey)) {
        throw new AuthConfigurationError(
          'accessToken.secret and refreshToken.secret must all differ: give each token a secret of its own.',
        );
      }
    }
  }
  for (const keys of [access, refresh]) {
    if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
      throw new AuthConfigurationError('two keys of one token share a kid: give each its own.');
    }
  }
}

/** An identifier that reveals nothing about the secret. */
function derivedKid(secret: Buffer): string {
  const tag = createHmac('sha256', secret).update('nestjs-refresh-auth/kid/1');
  return tag.digest('base64url').slice(0, 8);
}

/** RFC 7638. */
function thumbprint(key: KeyObject): string {
  const { kty, crv, x, y, e, n } = key.export({ format: 'jwk' });
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

function checkedKid(where: string, kid: string): string {
  if (typeof kid !== 'string' || !/^[\w.-]{1,64}$/.test(kid)) {
    throw new AuthConfigurationError(
      `${where}: a kid is 1 to 64 letters, digits, ".", "_" and "-".`,
    );
  }
  return kid;
}
