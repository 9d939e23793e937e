import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import { signerOf } from '../unit/tokens/test-keys.js';
import { sqliteKind as database } from '../harness/databases.js';
import { startTestApp, type TestApp } from '../harness/test-app.js';
import { jwtParts } from '../security/jwt-parts.js';

const ISSUER = 'https://login.example.com';
const AUDIENCE = 'https://api.example.com';

describe.each(['ES256', 'RS256', 'PS256'] as const)('an access token by %s', (algorithm) => {
  let test: TestApp;
  afterEach(() => test.close());

  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = { algorithm, privateKey } as const;

  /** The check of another service for a request with the token. */
  async function validated(accessToken: string) {
    const authorizationServer = { issuer: ISSUER, jwks_uri: `${test.url}/.well-known/jwks.json` };
    const headers = { authorization: `Bearer ${accessToken}` };
    return oauth.validateJwtAccessToken(
      authorizationServer,
      new Request(`${AUDIENCE}/things`, { headers }),
      AUDIENCE,
      {
        [oauth.allowInsecureRequests]: true,
        // The app's clock is set for tests.
        [oauth.clockSkew]: Math.round((test.clock.now() - Date.now()) / 1000),
        signingAlgorithms: [algorithm],
      },
    );
  }

  it('is accepted as RFC 9068 by a library that validates these', async () => {
    const options = { issuer: ISSUER, audience: AUDIENCE, accessToken: { keys } };
    test = await startTestApp({ database, options });
    const { accessToken } = await test.loggedIn();
    expect(await validated(accessToken)).toMatchObject({ iss: ISSUER, client_id: ISSUER });
  });

  it('contains the configured client id, which is not part of the user', async () => {
    const options = { issuer: ISSUER, audience: AUDIENCE, clientId: 'web', accessToken: { keys } };
    test = await startTestApp({ database, options });
    const { client, accessToken, username } = await test.loggedIn();
    expect(await validated(accessToken)).toMatchObject({ client_id: 'web' });
    const { body } = await client.get('/guarded', { bearer: accessToken });
    expect(body).toMatchObject({ username });
    expect(body).not.toHaveProperty('client_id');
  });

  it('from before the client id was added is still accepted', async () => {
    const options = { issuer: ISSUER, audience: AUDIENCE, accessToken: { keys } };
    test = await startTestApp({ database, options });
    const { client, accessToken } = await test.loggedIn();
    const { client_id: named, ...older } = jwtParts(accessToken).claims;
    expect(named).toBe(ISSUER);
    const { status, body } = await client.get('/guarded', {
      bearer: await signerOf(keys).sign(older),
    });
    expect([status, body.id]).toEqual([200, older.sub]);
  });
});
