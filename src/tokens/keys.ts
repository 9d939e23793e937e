import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { SecretInput } from '../options/auth-options.js';
import { repeatedPiece } from '../options/repetition.js';
import { isPublishedSecret } from './published-secrets.js';

/** A key, made once at boot: turning a string into a key costs half a millisecond each time. */
export interface TokenKey {
  kid: string;
  algorithm: 'HS256';
  key: KeyObject;
  /** Derives successors of refresh tokens; independent of the signature (RFC 5869). */
  ratchetKey: KeyObject;
}

/** The first signs, all verify. */
export type TokenKeys = [TokenKey, ...TokenKey[]];

/** RFC 7518 §3.2: an HMAC key is at least as long as the hash. */
const LEAST_BYTES = 32;
const LEAST_DISTINCT_BYTES = 8;

/**
 * The keys of access and refresh tokens; the first of each signs.
 * @throws {AuthConfigurationError} for a secret that is short, weak, published, or used twice.
 */
export function buildKeys(
  access: readonly [SecretInput, ...SecretInput[]],
  refresh: readonly [SecretInput, ...SecretInput[]],
): { access: TokenKeys; refresh: TokenKeys } {
  const keys = {
    access: access.map((secret) => buildKey('accessToken.secret', secret)) as TokenKeys,
    refresh: refresh.map((secret) => buildKey('refreshToken.secret', secret)) as TokenKeys,
  };
  refuseTwins(keys.access, keys.refresh);
  return keys;
}

function buildKey(where: string, input: SecretInput): TokenKey {
  const named = typeof input === 'object' && !(input instanceof Uint8Array) ? input : null;
  const secret = named === null ? (input as string | Uint8Array) : named.secret;
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw new AuthConfigurationError(`${where} must be a text or bytes.`);
  }
  const bytes = Buffer.from(secret);
  refuseWeak(where, bytes, typeof secret === 'string' ? secret : null);
  return {
    kid: named === null ? derivedKid(bytes) : checkedKid(where, named.kid),
    algorithm: 'HS256',
    key: createSecretKey(bytes),
    ratchetKey: createSecretKey(
      Buffer.from(hkdfSync('sha256', bytes, '', 'nestjs-refresh-auth/ratchet/1', 32)),
    ),
  };
}

function refuseWeak(where: string, bytes: Buffer, text: string | null): void {
  const advice = 'Use at least 32 random bytes, for example from "openssl rand -base64 48".';
  if (text !== null && isPublishedSecret(text)) {
    throw new AuthConfigurationError(
      `${where} is a published example that anybody knows. ${advice}`,
    );
  }
  if (bytes.length < LEAST_BYTES) {
    throw new AuthConfigurationError(
      `${where} has ${bytes.length} bytes, HS256 needs at least ${LEAST_BYTES}. ${advice}`,
    );
  }
  if (
    new Set(bytes).size < LEAST_DISTINCT_BYTES ||
    repeatedPiece(bytes, (a, b) => a.equals(b)).length < bytes.length
  ) {
    throw new AuthConfigurationError(`${where} repeats itself and can be guessed. ${advice}`);
  }
}

function refuseTwins(access: readonly TokenKey[], refresh: readonly TokenKey[]): void {
  for (const [i, one] of [...access, ...refresh].entries()) {
    for (const other of [...access, ...refresh].slice(i + 1)) {
      if (one.key.equals(other.key)) {
        throw new AuthConfigurationError(
          'accessToken.secret and refreshToken.secret must all differ: give each token a secret of its own.',
        );
      }
    }
  }
  for (const keys of [access, refresh]) {
    if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
      throw new AuthConfigurationError('two secrets of one token share a kid: give each its own.');
    }
  }
}

/** An identifier that tells nothing of the secret. */
function derivedKid(secret: Buffer): string {
  return createHmac('sha256', secret)
    .update('nestjs-refresh-auth/kid/1')
    .digest('base64url')
    .slice(0, 8);
}

function checkedKid(where: string, kid: string): string {
  if (typeof kid !== 'string' || !/^[\w.-]{1,64}$/.test(kid)) {
    throw new AuthConfigurationError(
      `${where}: a kid is 1 to 64 letters, digits, ".", "_" and "-".`,
    );
  }
  return kid;
}
