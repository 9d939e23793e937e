import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccessKeyInput } from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import {
  ACCESS_SECRET,
  COOKIE,
  REFRESH_SECRET,
  startTestApp,
  type TestApp,
} from '../harness/test-app.js';
import {
  encoded,
  hs256,
  jwtParts,
  mirroredEcdsa,
  sameBytesOtherwise,
  signedRightly,
  type JwtParts,
} from './jwt-parts.js';
import { headerMutations, mutations } from './mutations.js';
import { RawClient } from './raw-request.js';

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const signedWith: { algorithm: string; key: AccessKeyInput; privateKey: KeyObject | null }[] = [
  { algorithm: 'HS256', key: { algorithm: 'HS256', secret: ACCESS_SECRET }, privateKey: null },
  { algorithm: 'RS256', key: { algorithm: 'RS256', privateKey: pem(rsa) }, privateKey: rsa },
  { algorithm: 'PS256', key: { algorithm: 'PS256', privateKey: pem(rsa) }, privateKey: rsa },
  { algorithm: 'ES256', key: { algorithm: 'ES256', privateKey: pem(ec) }, privateKey: ec },
];

const groups = Object.entries(mutations);

describe.each(signedWith)('access tokens signed with $algorithm', ({ key, privateKey }) => {
  let test: TestApp;
  let raw: RawClient;
  let genuine: JwtParts;
  let refreshToken: string;
  let rows: unknown;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, options: { accessToken: { keys: key } } });
    raw = new RawClient(test.url);
    const { client, accessToken } = await test.loggedIn();
    genuine = jwtParts(accessToken);
    refreshToken = (await client.cookie(COOKIE))!;
    rows = await test.sessions.find();
  });
  afterAll(async () => {
    raw.close();
    await test.close();
  });

  const guarded = (token: string) =>
    raw.send({
      method: 'GET',
      path: '/guarded',
      headers: ['Authorization', `Bearer ${token}`],
    });

  const control = () =>
    it('are accepted as issued', async () => {
      expect(await guarded(genuine.token)).toMatchObject({
        status: 200,
        body: { id: genuine.claims.sub },
      });
    });

  describe.each(groups)('are refused when forged %s', (_group, all) => {
    control();
    it.each(all)('%s', async (_what, mutate) => {
      const { status, body } = await guarded(mutate(genuine));
      expect([status, body.code]).toEqual([401, 'token_invalid']);
    });
    control();
  });

  if (privateKey === null) {
    describe('are refused with a header that this module doesn’t write, even if signed with its key', () => {
      control();
      it.each(headerMutations)('%s', async (_what, mutate) => {
        const { status, body } = await guarded(signedRightly(mutate(genuine), ACCESS_SECRET));
        expect([status, body.code]).toEqual([401, 'token_invalid']);
      });
      control();
    });
  }

  describe('are refused when forged with publicly known parts of the key', () => {
    control();
    it('as the secret of an HMAC', async () => {
      const secrets = [test.url, genuine.header.kid as string, '', '\0', 'undefined', 'null'];
      if (privateKey !== null) {
        const known = createPublicKey(privateKey);
        for (const type of ['spki', 'pkcs1'] as const) {
          if (type === 'pkcs1' && known.asymmetricKeyType !== 'rsa') continue;
          const text = known.export({ type: type as 'spki', format: 'pem' }) as string;
          secrets.push(text, text.trim(), text.replaceAll('\n', '\r\n'));
          secrets.push(known.export({ type: type as 'spki', format: 'der' }).toString('latin1'));
        }
        const jwk = known.export({ format: 'jwk' });
        secrets.push(JSON.stringify(jwk), jwk.n ?? jwk.x!);
      }
      for (const secret of secrets) {
        for (const alg of ['HS256', genuine.header.alg]) {
          const header = encoded(JSON.stringify({ ...genuine.header, alg }));
          const signed = `${header}.${genuine.segments[1]}`;
          const forged = `${signed}.${hs256(signed, Buffer.from(secret, 'latin1'))}`;
          expect((await guarded(forged)).body.code).toBe('token_invalid');
        }
      }
    });
    it.each([0, 32, 64, 256])('with %i equal bytes as its signature', async (size) => {
      for (const fill of [0, 1, 0xff]) {
        const [header, payload] = genuine.segments;
        const forged = `${header}.${payload}.${encoded(Buffer.alloc(size, fill))}`;
        expect((await guarded(forged)).body.code).toBe('token_invalid');
      }
    });
    control();
  });

  describe('are refused if they are another kind of token', () => {
    control();
    it('the refresh token of the same session', async () => {
      expect((await guarded(refreshToken)).body.code).toBe('token_invalid');
    });
    it('the refresh token under this header', async () => {
      const [, payload, signature] = refreshToken.split('.');
      const forged = `${genuine.segments[0]}.${payload}.${signature}`;
      expect((await guarded(forged)).body.code).toBe('token_invalid');
    });
    it('the claims of this token, signed as a refresh token', async () => {
      const signed = `${refreshToken.split('.')[0]}.${genuine.segments[1]}`;
      const forged = `${signed}.${hs256(signed, REFRESH_SECRET)}`;
      expect((await guarded(forged)).body.code).toBe('token_invalid');
    });
    it('a token of another app, with its own key under the same kid', async () => {
      const own = `${ACCESS_SECRET}-another`;
      const { kid } = genuine.header as { kid: string };
      const keys = { algorithm: 'HS256', kid, secret: own } as const;
      const other = await startTestApp({
        database: sqliteKind,
        options: { accessToken: { keys } },
      });
      const { accessToken } = await other.loggedIn();
      await other.close();
      expect((await guarded(accessToken)).body.code).toBe('token_invalid');
    });
    control();
  });

  it('mean the same in every encoding of their signature, and change nothing', async () => {
    const [header, payload, signature] = genuine.segments;
    const others = sameBytesOtherwise(signature);
    if (genuine.header.alg === 'ES256') others.push(mirroredEcdsa(signature));
    const statuses = new Set<number>();
    for (const other of others) {
      for (let again = 0; again < 2; again += 1) {
        const { status, body } = await guarded(`${header}.${payload}.${other}`);
        statuses.add(status);
        expect([status, body.id ?? body.code]).toEqual(
          status === 200 ? [200, genuine.claims.sub] : [401, 'token_invalid'],
        );
      }
    }
    expect([...statuses]).toEqual([genuine.header.alg === 'HS256' ? 401 : 200]);
    expect(await test.sessions.find()).toEqual(rows);
  });

  it('end with their session in every encoding of their signature', async () => {
    const { client, accessToken } = await test.loggedIn();
    const [header, payload, signature] = jwtParts(accessToken).segments;
    await client.post('/auth/logout');
    for (const other of [signature, ...sameBytesOtherwise(signature)]) {
      expect((await guarded(`${header}.${payload}.${other}`)).status).toBe(401);
    }
  });

  it('do no harm when forged: the session is unchanged, and refreshes', async () => {
    expect((await test.sessions.find({ order: { createdAt: 'ASC' } }))[0]).toEqual(
      (rows as unknown[])[0],
    );
    const cookie = `${COOKIE}=${refreshToken}`;
    expect((await test.client().post('/auth/refresh', { cookie })).status).toBe(200);
  });
});

describe('refresh tokens', () => {
  let test: TestApp;
  let raw: RawClient;
  let genuine: JwtParts;
  let accessToken: string;
  let rows: unknown;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind });
    raw = new RawClient(test.url);
    const session = await test.loggedIn();
    accessToken = session.accessToken;
    // Rotated once, so that the current token is only renewed, and a control changes nothing.
    await session.client.post('/auth/refresh');
    genuine = jwtParts((await session.client.cookie(COOKIE))!);
    rows = await test.sessions.find();
  });
  afterAll(async () => {
    raw.close();
    await test.close();
  });

  const refreshed = (token: string) =>
    raw.send({ method: 'POST', path: '/auth/refresh', headers: ['Cookie', `${COOKIE}=${token}`] });

  const responseTo = async (token: string) => {
    const { status, body, headers } = await refreshed(token);
    return { status, code: body.code, cookies: headers['set-cookie'] };
  };
  const refusal = { status: 401, code: 'refresh_invalid', cookies: undefined };

  const control = () =>
    it('are accepted as issued', async () => {
      expect((await refreshed(genuine.token)).status).toBe(200);
    });

  describe.each(groups)('are refused when forged %s', (_group, all) => {
    control();
    it.each(all)('%s', async (_what, mutate) => {
      expect(await responseTo(mutate(genuine))).toEqual(refusal);
    });
    control();
  });

  describe('are refused with a header that this module doesn’t write, even if signed with its key', () => {
    control();
    it.each(headerMutations)('%s', async (_what, mutate) => {
      expect(await responseTo(signedRightly(mutate(genuine), REFRESH_SECRET))).toEqual(refusal);
    });
    control();
  });

  describe('are refused if they are another kind of token', () => {
    control();
    it('the access token of the same session', async () => {
      expect(await responseTo(accessToken)).toEqual(refusal);
    });
    it('the access token under this header', async () => {
      const [, payload, signature] = accessToken.split('.');
      const forged = `${genuine.segments[0]}.${payload}.${signature}`;
      expect(await responseTo(forged)).toEqual(refusal);
    });
    it('the claims of this token, signed as an access token', async () => {
      const signed = `${accessToken.split('.')[0]}.${genuine.segments[1]}`;
      expect(await responseTo(`${signed}.${hs256(signed, ACCESS_SECRET)}`)).toEqual(refusal);
    });
    it('a token of another app, with its own key under the same kid', async () => {
      const { kid } = genuine.header as { kid: string };
      const secret = { kid, secret: `${REFRESH_SECRET}-another` };
      const options = { refreshToken: { secret } };
      const other = await startTestApp({ database: sqliteKind, options });
      const { client } = await other.loggedIn();
      const theirs = (await client.cookie(COOKIE))!;
      await other.close();
      expect(await responseTo(theirs)).toEqual(refusal);
    });
    control();
  });

  it('are refused without harm if their signature is encoded differently', async () => {
    const [header, payload, signature] = genuine.segments;
    for (const other of sameBytesOtherwise(signature)) {
      expect(await responseTo(`${header}.${payload}.${other}`)).toEqual(refusal);
    }
  });

  it('do no harm when forged: the session is unchanged, and rotates', async () => {
    expect(await test.sessions.find()).toEqual(rows);
    test.clock.advance({ minutes: 1 });
    const response = await refreshed(genuine.token);
    expect(response.status).toBe(200);
    expect(response.headers['set-cookie']).toHaveLength(1);
  });
});
