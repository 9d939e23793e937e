import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
  type SignKeyObjectInput,
} from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type {
  AccessKeyInput,
  AsymmetricAlgorithm,
  AuthModuleOptions,
  KeyMaterial,
  RemoteSign,
  SecretMaterial,
} from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import {
  adapters,
  COOKIE,
  PASSWORD,
  REFRESH_SECRET,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../harness/test-app.js';
import { jwtParts } from './jwt-parts.js';

const JWKS = '/.well-known/jwks.json';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyPairs: Record<AsymmetricAlgorithm, typeof ec> = { ES256: ec, RS256: rsa, PS256: rsa };
const algorithms = ['ES256', 'RS256', 'PS256'] as const;

/** Verifies as RFC 7518 §3.3–3.5 describes, with Node alone. */
const schemes: Record<AsymmetricAlgorithm, Omit<SignKeyObjectInput, 'key'>> = {
  ES256: { dsaEncoding: 'ieee-p1363' },
  RS256: { padding: constants.RSA_PKCS1_PADDING },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
};

const holds = (token: string, algorithm: AsymmetricAlgorithm, key: KeyObject) => {
  const { segments } = jwtParts(token);
  const signed = Buffer.from(`${segments[0]}.${segments[1]}`);
  const signature = Buffer.from(segments[2], 'base64url');
  return verify('sha256', signed, { key, ...schemes[algorithm] }, signature);
};

/** RFC 7638 §3.1: an RSA key, and its thumbprint. */
const published = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
};
const PUBLISHED_THUMBPRINT = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

let test: TestApp;

afterEach(() => test?.close());

async function start(
  keys: AuthModuleOptions['accessToken']['keys'],
  more: Partial<TestAppOptions> = {},
): Promise<TestApp> {
  const accessToken = keys === undefined ? {} : { accessToken: { keys } };
  test = await startTestApp({ database: sqliteKind, options: accessToken, ...more });
  return test;
}

describe('the public keys of access tokens', () => {
  it.each(algorithms)('let anybody verify a token signed with %s', async (algorithm) => {
    await start({ algorithm, privateKey: keyPairs[algorithm].privateKey });
    const { accessToken } = await test.loggedIn();
    const { status, body, headers } = await test.client().get(JWKS);
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);

    const { header } = jwtParts(accessToken);
    const jwk = body.keys.find(({ kid }: { kid: string }) => kid === header.kid);
    expect(jwk).toMatchObject({ alg: algorithm, use: 'sig' });
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    expect(holds(accessToken, algorithm, key)).toBe(true);
    expect(holds(`${accessToken.slice(0, -8)}AAAAAAAA`, algorithm, key)).toBe(false);
  });

  it('are the only published ones: no private half, no secret', async () => {
    await start([
      { algorithm: 'ES256', privateKey: ec.privateKey },
      { algorithm: 'HS256', secret: `${REFRESH_SECRET}-of-access` },
      { algorithm: 'RS256', privateKey: rsa.privateKey },
      { algorithm: 'RS256', publicKey: published },
    ]);
    const { keys } = (await test.client().get(JWKS)).body;
    expect(keys.map((key: object) => Object.keys(key).toSorted())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ]);
  });

  it('are named by their thumbprint, unless they were given a name', async () => {
    await start([
      { algorithm: 'ES256', kid: '2030-01', privateKey: ec.privateKey },
      { algorithm: 'RS256', publicKey: published },
    ]);
    const { keys } = (await test.client().get(JWKS)).body;
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual(['2030-01', PUBLISHED_THUMBPRINT]);
  });

  it.each(adapters)('are at the root on %s, whatever the prefix of the app', async (adapter) => {
    const key = { algorithm: 'ES256', privateKey: ec.privateKey } as const;
    await start(key, { adapter, prepare: (app) => app.setGlobalPrefix('api') });
    expect((await test.client().get(JWKS)).body.keys).toHaveLength(1);
    expect((await test.client().get(`/api${JWKS}`)).status).toBe(404);
  });

  it.each(adapters)('are not published on %s if there are only secrets', async (adapter) => {
    await start(undefined, { adapter });
    expect((await test.client().get(JWKS)).status).toBe(404);
  });
});

describe('a private key', () => {
  const pem = (type: 'pkcs8' | 'sec1') => ec.privateKey.export({ type, format: 'pem' }) as string;

  it.each<[string, KeyMaterial]>([
    ['PEM', pem('pkcs8')],
    ['PEM of OpenSSL’s own kind', pem('sec1')],
    ['PEM, as bytes', Buffer.from(pem('pkcs8'))],
    ['a JWK', ec.privateKey.export({ format: 'jwk' })],
    ['Node’s own object', ec.privateKey],
  ])('can be given as %s', async (_form, privateKey) => {
    await start({ algorithm: 'ES256', privateKey });
    const { accessToken } = await test.loggedIn();
    expect(holds(accessToken, 'ES256', ec.publicKey)).toBe(true);
    expect((await test.client().get('/guarded', { bearer: accessToken })).status).toBe(200);
  });
});

describe('a secret', () => {
  const bytes = Buffer.from(
    '7c1f0a9be8d2463557a9c0d1e2f3a4b5968778695a4b3c2d1e0f9a8b7c6d5e4f',
    'hex',
  );

  it.each<[string, SecretMaterial]>([
    ['bytes', bytes],
    ['other bytes of Node’s', new Uint8Array(bytes)],
    ['base64', { base64: bytes.toString('base64') }],
    ['base64url', { base64: bytes.toString('base64url') }],
    ['a JWK', { kty: 'oct', k: bytes.toString('base64url') }],
  ])('can be given as %s', async (_form, secret) => {
    await start({ algorithm: 'HS256', secret });
    const { segments } = jwtParts((await test.loggedIn()).accessToken);
    const expected = createHmac('sha256', bytes).update(`${segments[0]}.${segments[1]}`);
    expect(segments[2]).toBe(expected.digest('base64url'));
  });
});

/** Signs bytes, as a KMS does. */
const kms =
  (algorithm: AsymmetricAlgorithm): RemoteSign =>
  async (data) =>
    sign('sha256', data, { key: keyPairs[algorithm].privateKey, ...schemes[algorithm] });

const remote = (algorithm: AsymmetricAlgorithm, remoteSign: RemoteSign): AccessKeyInput => ({
  algorithm,
  publicKey: keyPairs[algorithm].publicKey,
  sign: remoteSign,
});

describe('a key that never leaves its store', () => {
  it.each(algorithms)('signs %s, and the guard takes what it signed', async (algorithm) => {
    await start(remote(algorithm, kms(algorithm)));
    const { client, accessToken } = await test.loggedIn();
    const { body } = await client.post('/auth/refresh');
    for (const bearer of [accessToken, body.accessToken as string]) {
      expect(holds(bearer, algorithm, keyPairs[algorithm].publicKey)).toBe(true);
      expect((await client.get('/guarded', { bearer })).status).toBe(200);
    }
  });

  it('that fails uses up no refresh token and starts no session', async () => {
    let isDown = false;
    const sometimes: RemoteSign = async (data) => {
      if (isDown) throw new Error('secret-arn: throttled');
      return kms('ES256')(data);
    };
    await start(remote('ES256', sometimes));
    const { client, username } = await test.loggedIn();
    const before = await test.sessions.find();

    isDown = true;
    for (const route of ['refresh', 'login'] as const) {
      const body = { username, password: PASSWORD };
      const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
      const options = route === 'login' ? { body } : { cookie };
      const response = await test.client().post(`/auth/${route}`, options);
      expect([response.status, response.body.code]).toEqual([503, 'busy']);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(response.setCookies).toEqual([]);
      expect(JSON.stringify(response.body)).not.toContain('secret-arn');
    }
    expect(await test.sessions.find()).toEqual(before);

    isDown = false;
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await test.sessions.find()).map(({ generation }) => generation)).toEqual([1]);
  });

  it('that doesn’t respond delays nobody by more than five seconds', async () => {
    let isDown = false;
    const hanging: RemoteSign = (data) => (isDown ? new Promise(() => {}) : kms('ES256')(data));
    await start(remote('ES256', hanging));
    const { client } = await test.loggedIn();
    isDown = true;
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    const signal = AbortSignal.timeout(5500);
    const { status } = await fetch(`${test.url}/auth/refresh`, {
      method: 'POST',
      headers: { cookie },
      signal,
    });
    expect(status).toBe(503);
  });

  it('is not called without limit by a client with a session', async () => {
    let calls = 0;
    let isDown = false;
    const failing: RemoteSign = (data) => {
      if (!isDown) return kms('ES256')(data);
      calls += 1;
      return Promise.reject(new Error('throttled'));
    };
    await start(undefined, {
      options: {
        accessToken: { keys: remote('ES256', failing) },
        limits: { refresh: { attempts: 20 } },
      },
    });
    const { client } = await test.loggedIn();
    isDown = true;
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    const codes = new Set<unknown>();
    for (let i = 0; i < 30; i += 1) {
      codes.add((await test.client().post('/auth/refresh', { cookie })).body.code);
    }
    expect([...codes]).toEqual(['busy', 'too_many_attempts']);
    expect(calls).toBe(21);
  });
});
