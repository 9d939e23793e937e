import { constants, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AccessKeyInput } from '../../../src/options/auth-options.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';
import { hs256, jwtParts, signedRightly } from '../../security/jwt-parts.js';
import { refusalOf } from '../in-memory-app.js';
import { ecKeyPair, hmacKey, rsaKeyPair, signerOf } from './test-keys.js';

const claims = { sub: '7', iat: 1_893_456_000 };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token is signed', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['error', 'warn', 'log']));

  it('with a header of exactly three members, by which its key is found again', async () => {
    const signer = signerOf(hmacKey);
    const token = await signer.sign(claims);
    const [key] = signer.keys;
    expect(jwtParts(token).header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: key.kid });
    expect(token.split('.')[0]).toBe(encoded({ alg: 'HS256', typ: 'at+jwt', kid: key.kid }));
    expect(signer.keyOf(token)).toBe(key);
    expect(signer.verify(token)).toEqual({ payload: claims, key });
    const [header, payload, signature] = token.split('.');
    expect(signature).toBe(hs256(`${header}.${payload}`, ACCESS_SECRET));
  });

  it.each<[string, () => AccessKeyInput]>([
    ['HS384', () => ({ algorithm: 'HS384', secret: `${ACCESS_SECRET}${REFRESH_SECRET}` })],
    ['HS512', () => ({ algorithm: 'HS512', secret: `${ACCESS_SECRET}${REFRESH_SECRET}` })],
    ['RS256', () => ({ algorithm: 'RS256', privateKey: rsaKeyPair().privateKey })],
    ['PS256', () => ({ algorithm: 'PS256', privateKey: rsaKeyPair().privateKey })],
    ['ES256', () => ({ algorithm: 'ES256', privateKey: ecKeyPair.privateKey })],
  ])('by %s, and names that in its header', async (algorithm, input) => {
    const signer = signerOf(input());
    const token = await signer.sign(claims);
    expect(jwtParts(token).header.alg).toBe(algorithm);
    expect(signer.verify(token)).toMatchObject({ payload: claims });
  });

  it('with the first key; all verify, each its own', async () => {
    const old = { ...hmacKey, kid: 'old' };
    const fresh = { algorithm: 'HS256', kid: 'new', secret: `new ${ACCESS_SECRET}` } as const;
    const [before, after] = [signerOf(old), signerOf(fresh, old)];
    const token = await before.sign(claims);
    expect(after.verify(token)).toMatchObject({ payload: claims, key: { kid: 'old' } });
    expect(jwtParts(await after.sign(claims)).header.kid).toBe('new');
    expect(before.verify(await after.sign(claims))).toBeNull();
  });

  it('where the key is kept, if that is elsewhere', async () => {
    const received: Buffer[] = [];
    const signer = signerOf({
      algorithm: 'ES256',
      publicKey: ecKeyPair.publicKey,
      sign: async (data) => {
        received.push(Buffer.from(data));
        return sign('sha256', data, { key: ecKeyPair.privateKey, dsaEncoding: 'ieee-p1363' });
      },
    });
    const token = await signer.sign(claims);
    expect(received.map(String)).toEqual([token.split('.').slice(0, 2).join('.')]);
    expect(signer.verify(token)).toMatchObject({ payload: claims });
  });

  it('not at all, while the external key can’t be reached', async () => {
    const cause = new Error('KMS throttled');
    const signer = signerOf({
      algorithm: 'ES256',
      publicKey: ecKeyPair.publicKey,
      sign: () => Promise.reject(cause),
    });
    expect(await refusalOf(signer.sign(claims))).toMatchObject({
      code: 'busy',
      message: 'The token could not be signed. Try again.',
      cause,
      retryAfter: 1,
    });
  });

  it.each<[string, (data: Uint8Array) => Uint8Array]>([
    ['in DER', (data) => sign('sha256', data, ecKeyPair.privateKey)],
    ['with another key', (data) => sign('sha256', data, rsaKeyPair().privateKey)],
    [
      'over something else',
      () =>
        sign('sha256', Buffer.from('x'), { key: ecKeyPair.privateKey, dsaEncoding: 'ieee-p1363' }),
    ],
    ['with nothing', () => Buffer.alloc(0)],
    ['with what are no bytes', () => 'a signature' as unknown as Uint8Array],
  ])('not at all, if the external key returns %s', async (_what, response) => {
    const signer = signerOf({
      algorithm: 'ES256',
      publicKey: ecKeyPair.publicKey,
      sign: async (data) => response(data),
    });
    expect(await refusalOf(signer.sign(claims))).toMatchObject({ code: 'busy', retryAfter: 1 });
  });

  it.each<[string, () => AccessKeyInput, string]>([
    [
      'ES256',
      () => ({
        algorithm: 'ES256',
        publicKey: ecKeyPair.publicKey,
        sign: async () => Buffer.alloc(70),
      }),
      ': RFC 7518 wants the 64 bytes of r and s, not DER',
    ],
    [
      'RS256',
      () => ({
        algorithm: 'RS256',
        publicKey: rsaKeyPair().publicKey,
        sign: async () => Buffer.alloc(70),
      }),
      '',
    ],
  ])('not by %s, and the log has the reason', async (algorithm, input, hint) => {
    const lines: unknown[][] = [];
    Logger.overrideLogger({
      log() {},
      warn() {},
      error: (line: unknown, _stack: unknown, context: unknown) => lines.push([line, context]),
    });
    await refusalOf(signerOf(input()).sign(claims));
    Logger.overrideLogger(false);
    expect(lines).toEqual([
      [
        `An access token could not be signed: Error: The sign function of accessToken.keys answered with what is no ${algorithm} signature of its public key${hint}.`,
        'AuthModule',
      ],
    ]);
  });

  it('not at all, if no signature comes in time', async () => {
    jest.useFakeTimers();
    const signer = signerOf({
      algorithm: 'ES256',
      publicKey: ecKeyPair.publicKey,
      sign: () => new Promise(() => {}),
    });
    const refusal = refusalOf(signer.sign(claims));
    await jest.advanceTimersByTimeAsync(4000);
    expect(await refusal).toMatchObject({ code: 'busy', retryAfter: 1 });
    jest.useRealTimers();
  });

  it.each<[string, () => AccessKeyInput]>([
    [
      'RS256',
      () => ({
        algorithm: 'RS256',
        publicKey: rsaKeyPair().publicKey,
        sign: async (data) => sign('sha256', data, rsaKeyPair().privateKey),
      }),
    ],
    [
      'PS256',
      () => ({
        algorithm: 'PS256',
        publicKey: rsaKeyPair().publicKey,
        sign: async (data) =>
          sign('sha256', data, {
            key: rsaKeyPair().privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
          }),
      }),
    ],
  ])('elsewhere by %s too', async (_algorithm, input) => {
    const signer = signerOf(input());
    expect(signer.verify(await signer.sign(claims))).toMatchObject({ payload: claims });
  });
});

describe('a token verifies', () => {
  let signer: ReturnType<typeof signerOf>;

  beforeEach(() => {
    signer = signerOf(hmacKey);
  });

  function forged(change: object, payload: unknown = claims): string {
    const header = { alg: 'HS256', typ: 'at+jwt', kid: signer.keys[0].kid, ...change };
    return signedRightly(`${encoded(header)}.${encoded(payload)}.`, ACCESS_SECRET);
  }

  it('whatever its times are: expiry is checked elsewhere', () => {
    for (const times of [{ exp: 1 }, { nbf: 9_999_999_999 }]) {
      expect(signer.verify(forged({}, times))).toMatchObject({ payload: times });
    }
  });

  it.each<[string, object]>([
    ['another type', { typ: 'rt+jwt' }],
    ['another kid', { kid: 'x' }],
    ['another algorithm', { alg: 'HS512' }],
    ['no algorithm', { alg: 'none' }],
    ['something critical', { crit: ['exp'] }],
  ])('not with a header that has %s, although the signature is valid', (_what, change) => {
    expect(signer.verify(forged(change))).toBeNull();
  });

  it('not with another signature, payload, or none', async () => {
    const [head, payload, signature] = (await signer.sign(claims)).split('.');
    const another = encoded({ ...claims, sub: '8' });
    for (const token of [
      `${head}.${another}.${signature}`,
      `${head}.${payload}.${signature!.slice(1)}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${head}.`,
      head!,
      '',
      '.',
    ]) {
      expect(signer.verify(token)).toBeNull();
    }
  });

  it('only up to the length that a token of the module can have', async () => {
    const room = 8192 - (await signer.sign({ x: '' })).length;
    const ofLength = async (x: number) => signer.sign({ x: 'x'.repeat(x) });
    const longest = await ofLength(Math.floor(room / 4) * 3);
    expect(longest.length).toBeGreaterThan(8188);
    expect(signer.verify(longest)).not.toBeNull();
    expect(signer.verify(await ofLength(room))).toBeNull();
    const exactly = longest.split('.')[0]!.padEnd(8192, '.');
    expect(signer.keyOf(exactly)).not.toBeNull();
    expect(signer.keyOf(`${exactly}.`)).toBeNull();
  });

  it.each([[undefined], [null], [7], [{}], [['a.b.c']]])('not as %p', (token) => {
    expect(signer.keyOf(token)).toBeNull();
  });
});
