import { createPrivateKey, createPublicKey, KeyObject, type JsonWebKey } from 'node:crypto';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { AsymmetricAlgorithm, KeyMaterial, SecretMaterial } from '../options/auth-options.js';

/** The bytes of a secret: UTF-8 text, raw bytes, base64, or a JWK of type `oct`. */
export function secretBytes(where: string, material: SecretMaterial): Buffer {
  if (typeof material === 'string' || material instanceof Uint8Array) return Buffer.from(material);
  if (typeof material === 'object' && material !== null) {
    if ('base64' in material && typeof material.base64 === 'string') {
      return bytesOf(where, material.base64);
    }
    if ('kty' in material && material.kty === 'oct' && typeof material.k === 'string') {
      return bytesOf(where, material.k);
    }
  }
  throw new AuthConfigurationError(
    `${where} must be a text, bytes, { base64 } or a JWK with kty "oct".`,
  );
}

/** Node skips characters that are not base64, so a passphrase would become a few different bytes. */
function bytesOf(where: string, base64: string): Buffer {
  const joined = base64.replaceAll(/\s/g, '');
  if (!/^[\w+/-]*={0,2}$/.test(joined)) {
    throw new AuthConfigurationError(`${where} has characters in it that are not base64.`);
  }
  return Buffer.from(joined, 'base64');
}

/** A private key from PEM, a JWK or a KeyObject. */
export function privateKey(where: string, material: KeyMaterial): KeyObject {
  if (material instanceof KeyObject && material.type === 'private') return material;
  return parsed(where, material, (input) => createPrivateKey(input));
}

/** A public key, from a public or private key in PEM, JWK or KeyObject form. */
export function publicKey(where: string, material: KeyMaterial): KeyObject {
  if (material instanceof KeyObject && material.type === 'public') return material;
  return parsed(where, material, (input) => createPublicKey(input));
}

type Input = Parameters<typeof createPrivateKey>[0] & Parameters<typeof createPublicKey>[0];

function parsed(where: string, material: KeyMaterial, parse: (input: Input) => KeyObject) {
  try {
    if (material instanceof KeyObject) return parse(material as unknown as Input);
    if (typeof material === 'string' || material instanceof Uint8Array) {
      return parse((typeof material === 'string' ? material : Buffer.from(material)) as Input);
    }
    return parse({ key: material as JsonWebKey, format: 'jwk' } as unknown as Input);
  } catch {
    throw new AuthConfigurationError(`${where} can not be read: give PEM, a JWK or a KeyObject.`);
  }
}

/** RFC 7518 §3.3–3.5: RSA of at least 2048 bits, or the curve P-256. */
export function refuseUnfit(where: string, key: KeyObject, algorithm: AsymmetricAlgorithm): void {
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const fits =
    algorithm === 'ES256'
      ? asymmetricKeyDetails?.namedCurve === 'prime256v1'
      : asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  if (!fits) {
    throw new AuthConfigurationError(
      `${where} does not fit ${algorithm}, which needs ${algorithm === 'ES256' ? 'an EC key on P-256' : 'an RSA key of at least 2048 bits'}.`,
    );
  }
}
