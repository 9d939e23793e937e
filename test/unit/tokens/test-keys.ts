import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import type { AccessKeyInput } from '../../../src/options/auth-options.js';
import { buildKeys } from '../../../src/tokens/keys.js';
import { TokenSigner } from '../../../src/tokens/token-signer.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';

export const ecKeyPair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

let made: KeyPairKeyObjectResult | undefined;

/** Made when it is first used, because that takes a while. */
export function rsaKeyPair(): KeyPairKeyObjectResult {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return made;
}

export const hmacKey = { algorithm: 'HS256', secret: ACCESS_SECRET } as const;

export const pemOf = (key: KeyObject) =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }) as string;

export const keysOf = (...access: AccessKeyInput[]) => buildKeys(access, [REFRESH_SECRET]);

export const signerOf = (...access: AccessKeyInput[]) =>
  new TokenSigner('at+jwt', keysOf(...access).access);
