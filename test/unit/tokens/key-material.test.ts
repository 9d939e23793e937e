import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
} from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AccessKeyInput } from '../../../src/options/auth-options.js';
import { jsonWebKeySet } from '../../../src/tokens/json-web-key-set.js';
import { ACCESS_SECRET } from '../../harness/test-secrets.js';
import { ecKeyPair, hmacKey, keysOf, pemOf, rsaKeyPair } from './test-keys.js';

/** 40 or more letters, of this many different ones. */
const ofDifferent = (count: number) => {
  const text = [...'abcdefgh'].slice(0, count).join('');
  return `${text.repeat(5)}${[...text].toReversed().join('')}`.padEnd(40, 'a');
};

const remote = async () => new Uint8Array();

const pss = () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;

/** Readable, but too short. */
const weakRsa = () =>
  createPrivateKey(pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey));

describe('a key of access tokens', () => {
  it.each<[string, () => AccessKeyInput]>([
    ['PEM', () => ({ algorithm: 'ES256', privateKey: pemOf(ecKeyPair.privateKey) })],
    [
      'PEM in bytes',
      () => ({ algorithm: 'ES256', privateKey: Buffer.from(pemOf(ecKeyPair.privateKey)) }),
    ],
    [
      'JWK',
      () => ({ algorithm: 'ES256', privateKey: ecKeyPair.privateKey.export({ format: 'jwk' }) }),
    ],
    ['KeyObject', () => ({ algorithm: 'ES256', privateKey: ecKeyPair.privateKey })],
  ])('is accepted as %s, and named by its RFC 7638 thumbprint', (_form, input) => {
    const { x, y } = ecKeyPair.publicKey.export({ format: 'jwk' });
    const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
    const [key] = keysOf(input()).access;
    expect(key).toMatchObject({
      kid: createHash('sha256').update(members).digest('base64url'),
      algorithm: 'ES256',
      remoteSign: null,
    });
    expect(key.signingKey!.equals(ecKeyPair.privateKey)).toBe(true);
    expect(key.verifyingKey.type).toBe('public');
    expect(key.verifyingKey.equals(ecKeyPair.publicKey)).toBe(true);
  });

  it('of RSA is named by its thumbprint too, and a public one only verifies', () => {
    const { e, n } = rsaKeyPair().publicKey.export({ format: 'jwk' });
    const [, key] = keysOf(hmacKey, {
      algorithm: 'RS256',
      publicKey: pemOf(rsaKeyPair().publicKey),
    }).access;
    expect(key).toMatchObject({
      kid: createHash('sha256')
        .update(JSON.stringify({ e, kty: 'RSA', n }))
        .digest('base64url'),
      signingKey: null,
      remoteSign: null,
    });
  });

  it.each<[string, () => AccessKeyInput]>([
    ['PEM', () => ({ algorithm: 'ES256', publicKey: pemOf(ecKeyPair.publicKey) })],
    ['a private key', () => ({ algorithm: 'ES256', publicKey: ecKeyPair.privateKey })],
    ['KeyObject', () => ({ algorithm: 'ES256', publicKey: ecKeyPair.publicKey })],
    [
      'JWK',
      () => ({ algorithm: 'ES256', publicKey: ecKeyPair.publicKey.export({ format: 'jwk' }) }),
    ],
  ])('that only verifies is accepted as %s', (_form, input) => {
    const [, key] = keysOf(hmacKey, input()).access;
    expect(key!.verifyingKey.type).toBe('public');
    expect(key!.verifyingKey.equals(ecKeyPair.publicKey)).toBe(true);
  });

  it('can have another name', () => {
    const kids = ['a', 'A.b_c-9', 'x'.repeat(64)];
    for (const kid of kids) {
      const input = { algorithm: 'ES256', kid, privateKey: ecKeyPair.privateKey } as const;
      expect(keysOf(input).access[0].kid).toBe(kid);
    }
  });

  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
  const edwards = generateKeyPairSync('ed25519').privateKey;
  const READABLE = /accessToken\.keys can not be read: give PEM, a JWK or a KeyObject\./;
  const RSA =
    /accessToken\.keys does not fit RS256, which needs an RSA key of at least 2048 bits\./;
  const EC = /accessToken\.keys does not fit ES256, which needs an EC key on P-256\./;

  it.each<[string, () => AccessKeyInput, RegExp]>([
    ['RSA of 1024 bits', () => ({ algorithm: 'RS256', privateKey: weakRsa() }), RSA],
    ['RSA for PSS alone', () => ({ algorithm: 'RS256', privateKey: pss() }), RSA],
    ['an EC key for RSA', () => ({ algorithm: 'RS256', privateKey: ecKeyPair.privateKey }), RSA],
    [
      'an RSA key for ECDSA',
      () => ({ algorithm: 'ES256', privateKey: rsaKeyPair().privateKey }),
      EC,
    ],
    ['another curve', () => ({ algorithm: 'ES256', privateKey: otherCurve }), EC],
    ['an Edwards curve', () => ({ algorithm: 'ES256', privateKey: edwards }), EC],
    [
      'a public key that should sign',
      () => ({ algorithm: 'ES256', privateKey: ecKeyPair.publicKey }),
      READABLE,
    ],
    ['a text that is no key', () => ({ algorithm: 'ES256', privateKey: 'secret' }), READABLE],
    ['nothing', () => ({ algorithm: 'ES256', publicKey: undefined as never }), READABLE],
    [
      'a secret for a public key',
      () => ({ algorithm: 'ES256', publicKey: createSecretKey(Buffer.alloc(32, 1)) }),
      READABLE,
    ],
    [
      'an unknown algorithm',
      () => ({ algorithm: 'EdDSA' as 'ES256', privateKey: edwards }),
      /accessToken\.keys: algorithm must be HS256, HS384, HS512, RS256, PS256 or ES256\./,
    ],
    [
      'a key that can’t sign in the first place',
      () => ({ algorithm: 'ES256', publicKey: ecKeyPair.publicKey }),
      /the first of accessToken\.keys signs, but has neither privateKey nor sign: put the key that signs first\./,
    ],
    [
      'a name that is a path',
      () => ({ algorithm: 'ES256', kid: '../x', privateKey: ecKeyPair.privateKey }),
      /accessToken\.keys: a kid is 1 to 64 letters, digits, "\.", "_" and "-"\./,
    ],
    [
      'too long a name',
      () => ({ ...hmacKey, kid: 'x'.repeat(65) }),
      /accessToken\.keys: a kid is 1 to 64 letters/,
    ],
    ['a name that is no text', () => ({ ...hmacKey, kid: 7 as never }), /a kid is 1 to 64 letters/],
    [
      'a secret that is short for its algorithm',
      () => ({ ...hmacKey, algorithm: 'HS384' }),
      /accessToken\.secret has 39 bytes, HS384 needs at least 48\. Use at least 48 random bytes, for example from "openssl rand -base64 64"\./,
    ],
  ])('is refused where it is %s', (_what, input, sentence) => {
    expect(() => keysOf(input())).toThrow(sentence);
  });

  it.each<[string, AccessKeyInput, string]>([
    ['HS384', { ...hmacKey, algorithm: 'HS384', secret: 'x' }, 'needs at least 48'],
    ['HS512', { ...hmacKey, algorithm: 'HS512', secret: 'x' }, 'needs at least 64'],
  ])('of %s has at least as many bytes as the hash', (_algorithm, input, sentence) => {
    expect(() => keysOf(input)).toThrow(sentence);
  });

  it('may be at the end of the list without being able to sign, or be kept elsewhere', () => {
    const { access } = keysOf({ algorithm: 'ES256', publicKey: ecKeyPair.publicKey, sign: remote });
    expect(access[0]).toMatchObject({ signingKey: null, remoteSign: remote });
  });
});

describe('a secret is accepted as', () => {
  const bytes = Buffer.from(ACCESS_SECRET);
  it.each([
    ['a text', ACCESS_SECRET],
    ['bytes', new Uint8Array(bytes)],
    ['base64', { base64: bytes.toString('base64') }],
    ['a JWK', { kty: 'oct' as const, k: bytes.toString('base64url') }],
  ])('%s', (_form, secret) => {
    const [key] = keysOf({ algorithm: 'HS256', secret }).access;
    expect(key.verifyingKey.export()).toEqual(bytes);
    expect(key.signingKey).toBe(key.verifyingKey);
    expect(key.remoteSign).toBeNull();
  });

  it.each([
    [{ base64: 7 }],
    [{ kty: 'RSA', k: 'x'.repeat(50) }],
    [{ k: 'x'.repeat(50) }],
    [{ kty: 'oct' }],
    [{ kty: 'oct', k: 7 }],
    [{}],
    [null],
    [undefined],
    [true],
  ])('nothing else: %j', (secret) => {
    expect(() => keysOf({ algorithm: 'HS256', secret: secret as never })).toThrow(
      'accessToken.secret must be a text, bytes, { base64 } or a JWK with kty "oct".',
    );
  });

  it('only if it has more than a few different bytes', () => {
    for (const count of [1, 7, 8]) {
      const few = { algorithm: 'HS256', secret: ofDifferent(count) } as const;
      expect(() => keysOf(few)).toThrow(/can be guessed\. Use at least 32/);
    }
  });
});

describe('the key set for other services', () => {
  it('has the public keys, with all that RFC 7517 requires and nothing private', () => {
    const { access } = keysOf(
      { algorithm: 'ES256', kid: 'ec', privateKey: ecKeyPair.privateKey },
      hmacKey,
      {
        algorithm: 'PS256',
        kid: 'rsa',
        publicKey: rsaKeyPair().publicKey,
      },
    );
    expect(jsonWebKeySet(access)).toEqual({
      keys: [
        { ...ecKeyPair.publicKey.export({ format: 'jwk' }), kid: 'ec', alg: 'ES256', use: 'sig' },
        {
          ...rsaKeyPair().publicKey.export({ format: 'jwk' }),
          kid: 'rsa',
          alg: 'PS256',
          use: 'sig',
        },
      ],
    });
  });

  it('verifies the module’s tokens elsewhere', async () => {
    const { access } = keysOf({ algorithm: 'ES256', privateKey: ecKeyPair.privateKey });
    const [jwk] = jsonWebKeySet(access).keys;
    const elsewhere = createPublicKey({ key: jwk as never, format: 'jwk' });
    expect(elsewhere.equals(ecKeyPair.publicKey)).toBe(true);
  });
});
