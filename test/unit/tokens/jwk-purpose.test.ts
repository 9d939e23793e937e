import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import type { AccessKeyInput, SecretInput } from '../../../src/options/auth-options.js';
import { buildKeys } from '../../../src/tokens/keys.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';
import { ecKeyPair, hmacKey, rsaKeyPair } from './test-keys.js';

type Purpose = Record<string, unknown>;

const oct = (purpose: Purpose, secret = ACCESS_SECRET) =>
  ({ kty: 'oct', k: Buffer.from(secret).toString('base64url'), ...purpose }) as SecretInput;
const privateEc = (purpose: Purpose) => ({
  ...ecKeyPair.privateKey.export({ format: 'jwk' }),
  ...purpose,
});
const publicEc = (purpose: Purpose) => ({
  ...ecKeyPair.publicKey.export({ format: 'jwk' }),
  ...purpose,
});
const publicRsa = (purpose: Purpose) => ({
  ...rsaKeyPair().publicKey.export({ format: 'jwk' }),
  ...purpose,
});

/** Every option that takes a JWK, with the operation for which it is used. */
const places: [string, 'sign' | 'verify', string, (purpose: Purpose) => unknown][] = [
  [
    'a secret of access tokens',
    'sign',
    'HS256',
    (purpose) =>
      buildKeys([{ algorithm: 'HS256', secret: oct(purpose) } as AccessKeyInput], [REFRESH_SECRET]),
  ],
  [
    'an older one',
    'verify',
    'HS256',
    (purpose) =>
      buildKeys(
        [
          { ...hmacKey, secret: `new ${ACCESS_SECRET}` },
          { algorithm: 'HS256', secret: oct(purpose) } as AccessKeyInput,
        ],
        [REFRESH_SECRET],
      ),
  ],
  [
    'a secret of refresh tokens',
    'sign',
    'HS256',
    (purpose) => buildKeys([hmacKey], [oct(purpose, REFRESH_SECRET)]),
  ],
  [
    'an older one of these, with a kid',
    'verify',
    'HS256',
    (purpose) =>
      buildKeys(
        [hmacKey],
        [
          `new ${REFRESH_SECRET}`,
          { kid: 'k', secret: oct(purpose, REFRESH_SECRET) } as SecretInput,
        ],
      ),
  ],
  [
    'a private key',
    'sign',
    'ES256',
    (purpose) =>
      buildKeys([{ algorithm: 'ES256', privateKey: privateEc(purpose) }], [REFRESH_SECRET]),
  ],
  [
    'a public key',
    'verify',
    'ES256',
    (purpose) =>
      buildKeys([hmacKey, { algorithm: 'ES256', publicKey: publicEc(purpose) }], [REFRESH_SECRET]),
  ],
  [
    'an RSA key',
    'verify',
    'PS256',
    (purpose) =>
      buildKeys([hmacKey, { algorithm: 'PS256', publicKey: publicRsa(purpose) }], [REFRESH_SECRET]),
  ],
];

describe.each(places)('a JWK that is %s', (_place, operation, algorithm, build) => {
  it.each<[string, Purpose]>([
    ['nothing', {}],
    ['signatures', { use: 'sig' }],
    ['the operation', { key_ops: [operation] }],
    [
      'both operations',
      { use: 'sig', key_ops: ['verify', 'sign'], alg: algorithm, kid: 'x', ext: true },
    ],
  ])('is accepted if its purpose is %s', (_what, purpose) => {
    expect(() => build(purpose)).not.toThrow();
  });

  it.each<[string, Purpose, RegExp]>([
    ['encryption', { use: 'enc' }, /is a JWK with use "enc": give one with use "sig", or without/],
    ['another use', { use: 'tls' }, /use "tls"/],
    ['no use', { use: '' }, /use ""/],
    ['signatures in capitals', { use: 'SIG' }, /use "SIG"/],
    [
      'encrypting',
      { key_ops: ['encrypt', 'decrypt'] },
      /key_ops \["encrypt","decrypt"\]: give one with "(sign|verify)"( or "verify")? and nothing but signatures/,
    ],
    ['wrapping keys', { use: 'sig', key_ops: ['wrapKey'] }, /key_ops \["wrapKey"\]/],
    [
      'deriving others too',
      { key_ops: ['sign', 'verify', 'deriveBits'] },
      /nothing but signatures/,
    ],
    ['nothing at all', { key_ops: [] }, /key_ops \[\]/],
    ['one thing twice', { key_ops: ['sign', 'verify', 'sign'] }, /key_ops/],
    ['a text', { key_ops: 'sign' }, /key_ops "sign"/],
    ['another algorithm', { alg: 'RSA-OAEP-256' }, /alg "RSA-OAEP-256", but is used for/],
    ['a longer hash', { alg: algorithm.replace('256', '512') }, /alg "[A-Z]{2}512"/],
  ])('stops the boot if its purpose is %s', (_what, purpose, sentence) => {
    expect(() => build(purpose)).toThrow(AuthConfigurationError);
    expect(() => build(purpose)).toThrow(sentence);
  });
});

it('a JWK that signs may not be for verifying only', () => {
  const [secret, , refresh, , key] = places.map(([, , , build]) => build);
  for (const build of [secret!, refresh!, key!]) {
    expect(() => build({ key_ops: ['verify'] })).toThrow(
      /key_ops \["verify"\]: give one with "sign"/,
    );
  }
});

const given = (base64: string) => () =>
  buildKeys([{ algorithm: 'HS256', secret: { base64 } }], [REFRESH_SECRET]);

it('invalid base64 is refused, not shortened', () => {
  const good = Buffer.from(ACCESS_SECRET).toString('base64');
  expect(given('not base64! '.repeat(9) + good)).toThrow(
    /accessToken\.secret has characters in it that are not base64/,
  );
  expect(given(`${good.slice(0, 30)}\n${good.slice(30)}\n`)).not.toThrow();
});
