import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sqliteKind as database } from '../harness/databases.js';
import { adapters, startTestApp, type TestApp } from '../harness/test-app.js';

describe.each(adapters)('the key set on %s', (adapter) => {
  let test: TestApp;
  afterEach(() => test.close());

  it('is at the root, whatever the prefix, and contains the public key that signs', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    test = await startTestApp({
      adapter,
      database,
      options: { accessToken: { keys: { algorithm: 'ES256', privateKey } } },
      prepare: (app) => app.setGlobalPrefix('api'),
    });
    const client = test.client();
    const { status, body, headers } = await client.get('/.well-known/jwks.json');
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    expect(body.keys).toEqual([
      expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }),
    ]);
    expect(body.keys[0]).not.toHaveProperty('d');

    const credentials = { username: 'ada', password: 'correct horse battery staple' };
    const login = await client.post('/api/auth/register', { body: credentials });
    const header = JSON.parse(
      Buffer.from(login.body.accessToken.split('.')[0], 'base64url').toString(),
    );
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: body.keys[0].kid });
    const me = await client.get('/api/auth/me', { bearer: login.body.accessToken });
    expect(me.status).toBe(200);
  });

  it('does not exist while tokens are signed with a secret', async () => {
    test = await startTestApp({ adapter, database });
    expect((await test.client().get('/.well-known/jwks.json')).status).toBe(404);
  });
});
