import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { cookieSetBy, HttpClient } from '../harness/http-client.js';
import { createConsumerApp, type ConsumerApp } from './consumer-app.js';
import {
  COOKIE,
  credentials,
  headerOf,
  newSecrets,
  registered,
  outcome,
} from './consumer-client.js';
import { packPackage, type PackedPackage } from './packed-package.js';

let packed: PackedPackage | undefined;
let consumer: ConsumerApp;
beforeAll(async () => {
  packed = await packPackage();
  consumer = await createConsumerApp(packed, 'module');
  await consumer.compile();
});
afterAll(async () => {
  await consumer?.remove();
  await packed?.remove();
});

/** The app of all uses, where some of them exclude each other. */
const started = (environment: Record<string, string>) =>
  consumer.start('every-use.js', { ...newSecrets, ...environment });

describe('the documented tests of an app', () => {
  it.each(['app', 'reports.controller', 'sessions'])('%s.test.ts passes', async (name) => {
    const printed = await consumer.run(`${name}.test.js`, { NODE_ENV: 'test' });
    expect(printed).toMatch(/^# pass [1-9]/m);
    expect(printed).toMatch(/^# fail 0$/m);
  });
});

describe('the documented app behind a proxy', () => {
  it.each(['main-express.js', 'main-fastify.js'])(
    '%s shows the address of the client, not of the proxy',
    async (main) => {
      const behindProxy = await consumer.start(main);
      const client = new HttpClient(behindProxy.url);
      const headers = { 'x-forwarded-for': '192.0.2.66, 203.0.113.7' };
      const body = credentials(`of-${main.slice(0, -3)}`);
      const registration = await client.post('/auth/register', { body, headers });
      const bearer = registration.body.accessToken as string;
      const sessions = await client.get('/auth/sessions', { bearer });
      await behindProxy.stop();
      expect(sessions.body).toEqual([expect.objectContaining({ ip: '203.0.113.7' })]);
    },
  );
});

describe('the documented ways to sign and to set cookies', () => {
  it('a private key: others verify tokens with the published key', async () => {
    const withKey = await started({
      ACCESS_TOKENS: 'a key',
      ACCESS_TOKEN_PRIVATE_KEY: newPrivateKey(),
    });
    const { client, bearer } = await registered(withKey, 'Ellen');
    const { body: keySet } = await client.get('/.well-known/jwks.json');
    const hello = await client.get('/hello', { bearer });
    await withKey.stop();
    const { alg, kid } = headerOf(bearer);
    expect(keySet.keys).toEqual([expect.objectContaining({ kty: 'EC', alg: 'ES256', kid })]);
    expect([alg, hello.body]).toEqual(['ES256', 'Hello, ellen!']);
  });

  it('a new key in front: tokens of the old one still count, and both are published', async () => {
    const old = { ACCESS_TOKEN_PRIVATE_KEY: newPrivateKey() };
    const before = await started({ ...old, ACCESS_TOKENS: 'a key' });
    const { client, bearer } = await registered(before, 'Fran');
    await before.stop();
    const after = await started({
      ...old,
      ACCESS_TOKENS: 'two keys',
      ACCESS_TOKEN_PRIVATE_KEY_NEW: newPrivateKey(),
    });
    const hello = await new HttpClient(after.url).get('/hello', { bearer });
    const { body: keySet } = await new HttpClient(after.url).get('/.well-known/jwks.json');
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    const refreshed = await new HttpClient(after.url).post('/auth/refresh', { cookie });
    await after.stop();
    expect(outcome(hello)).toEqual([200, 'Hello, fran!']);
    expect(keySet.keys.map(({ kid }: { kid: string }) => kid)).toEqual([
      headerOf(refreshed.body.accessToken).kid,
      headerOf(bearer).kid,
    ]);
  });

  it('a key in front of a secret: tokens of the secret still count', async () => {
    const before = await consumer.start('main.js');
    const { bearer } = await registered(before, 'Jean');
    await before.stop();
    const after = await started({
      ACCESS_TOKENS: 'a key after a secret',
      ACCESS_TOKEN_PRIVATE_KEY: newPrivateKey(),
    });
    const hello = await new HttpClient(after.url).get('/hello', { bearer });
    const next = await registered(after, 'Jean');
    await after.stop();
    expect([headerOf(bearer).alg, headerOf(next.bearer).alg]).toEqual(['HS256', 'ES256']);
    expect(outcome(hello)).toEqual([200, 'Hello, jean!']);
  });

  it('cookies of subdomains: the cookie of before is taken over', async () => {
    const before = await started({});
    const { client } = await registered(before, 'Kathleen');
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    await before.stop();
    const after = await started({ COOKIES: 'of subdomains' });
    const refreshed = await new HttpClient(after.url).post('/auth/refresh', {
      cookie,
      loseResponse: true,
    });
    await after.stop();
    expect(refreshed.status).toBe(200);
    expect(cookieSetBy(refreshed, COOKIE)).toBe('');
    expect(refreshed.setCookies.find((line) => line.startsWith('__Secure-refresh_token='))).toMatch(
      /; Domain=example\.com;/,
    );
  });
});

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
