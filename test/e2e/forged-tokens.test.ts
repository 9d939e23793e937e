import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import {
  ACCESS_SECRET,
  adapters,
  COOKIE,
  REFRESH_SECRET,
  startTestApp,
  type TestApp,
} from '../harness/test-app.js';

type Json = Record<string, unknown>;

interface Forgery {
  header?: Json;
  claims?: Json;
  /** The whole payload as it is signed, in place of the claims. */
  payload?: string;
  secret?: string;
  hash?: 'sha256' | 'sha512';
  /** Makes the part after the second dot from the right signature. */
  sign?: (signature: string) => string;
}

const decoded = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString());
const encoded = (text: string) => Buffer.from(text).toString('base64url');

/** Takes a genuine token apart and signs it again with the changes of the forgery. */
function forge(genuine: string, secret: string, forgery: Forgery = {}): string {
  const [header, claims] = genuine.split('.').map((part, i) => (i < 2 ? decoded(part) : {}));
  const payload = forgery.payload ?? JSON.stringify({ ...claims, ...forgery.claims });
  const signed = `${encoded(JSON.stringify({ ...header, ...forgery.header }))}.${encoded(payload)}`;
  const signature = createHmac(forgery.hash ?? 'sha256', forgery.secret ?? secret)
    .update(signed)
    .digest('base64url');
  return `${signed}.${forgery.sign?.(signature) ?? signature}`;
}

const now = Date.parse('2030-01-01T00:00:00Z') / 1000;
const jwk = { kty: 'oct', k: encoded('attacker-attacker-attacker-attacker') };

/** A forger with the key can make these; some of them, marked below, can be made without it. */
const forgeries: [string, Forgery][] = [
  ['signed with another key', { secret: 'attacker-attacker-attacker-attacker' }],
  ['alg none', { header: { alg: 'none' }, sign: () => '' }],
  ['alg None', { header: { alg: 'None' }, sign: () => '' }],
  ['alg NONE, signed', { header: { alg: 'NONE' } }],
  ['no alg', { header: { alg: undefined } }],
  ['HS512 with the same secret', { header: { alg: 'HS512' }, hash: 'sha512' }],
  ['HS512 in name only', { header: { alg: 'HS512' } }],
  ['hs256', { header: { alg: 'hs256' } }],
  ['alg as a list', { header: { alg: ['HS256'] } }],
  ['another kid', { header: { kid: 'another' } }],
  ['no kid', { header: { kid: undefined } }],
  ['an empty kid', { header: { kid: '' } }],
  ['a kid that is a list', { header: { kid: [] } }],
  ['a kid that is a path', { header: { kid: '../../../../dev/null' }, secret: '' }],
  ['a kid that is SQL', { header: { kid: "' UNION SELECT 'x" }, secret: 'x' }],
  ['a kid from the prototype', { header: { kid: '__proto__' } }],
  ['typ JWT', { header: { typ: 'JWT' } }],
  ['no typ', { header: { typ: undefined } }],
  ['a typ in capitals', { header: { typ: 'AT+JWT' } }],
  ['crit', { header: { crit: ['exp'] } }],
  ['crit of nothing', { header: { crit: [] } }],
  ['crit of an unknown extension', { header: { crit: ['b64'], b64: false } }],
  ['jwk', { header: { jwk }, secret: 'attacker-attacker-attacker-attacker' }],
  ['jku', { header: { jku: 'http://127.0.0.1:9/keys.json' } }],
  ['x5u', { header: { x5u: 'http://127.0.0.1:9/chain.pem' } }],
  ['x5c', { header: { x5c: ['MIIB'] } }],
  ['an unknown header', { header: { zip: 'DEF' } }],
  ['no exp', { claims: { exp: undefined } }],
  ['exp as a text', { claims: { exp: String(now + 900) } }],
  ['exp 1e400', { claims: { exp: '1e400' } }],
  ['exp null', { claims: { exp: null } }],
  ['a negative exp', { claims: { exp: -1 } }],
  ['no iat', { claims: { iat: undefined } }],
  ['an iat in the future', { claims: { iat: now + 60 } }],
  ['an iat as a text', { claims: { iat: String(now) } }],
  ['an nbf in the future', { claims: { nbf: now + 60 } }],
  ['an nbf as a text', { claims: { nbf: 'yesterday' } }],
  ['no sub', { claims: { sub: undefined } }],
  ['a numeric sub', { claims: { sub: 1 } }],
  ['an empty sub', { claims: { sub: '' } }],
  ['an object as sub', { claims: { sub: { $ne: null } } }],
  ['no sid', { claims: { sid: undefined } }],
  ['a list as sid', { claims: { sid: ['x'] } }],
  ['no jti', { claims: { jti: undefined } }],
  ['another issuer', { claims: { iss: 'another' } }],
  ['no issuer', { claims: { iss: undefined } }],
  ['another audience', { claims: { aud: 'another' } }],
  ['our audience in a list', { claims: { aud: ['nestjs-refresh-auth', 'another'] } }],
  ['no audience', { claims: { aud: undefined } }],
  ['a list as payload', { payload: '[{"sub":"1"}]' }],
  ['a text as payload', { payload: '"sub"' }],
  ['a number as payload', { payload: '7' }],
  ['null as payload', { payload: 'null' }],
  ['an empty payload', { payload: '' }],
  ['half a payload', { payload: '{"sub":' }],
  ['no signature', { sign: () => '' }],
  ['half a signature', { sign: (signature) => signature.slice(0, 20) }],
  ['more than a signature', { sign: (signature) => `${signature}AA` }],
  ['a fourth part', { sign: (signature) => `${signature}.e30` }],
];

/** `exp: 1e400` is a number in JSON and Infinity in JavaScript; JSON.stringify can't write it. */
const withEndlessExp = (genuine: string, forgery: Forgery): Forgery =>
  forgery.claims?.exp === '1e400'
    ? {
        payload: JSON.stringify(decoded(genuine.split('.')[1]!)).replace(
          /"exp":\d+/,
          '"exp":1e400',
        ),
      }
    : forgery;

describe.each(adapters)('a forged token on %s', (adapter) => {
  let test: TestApp;
  let access: string;
  let refresh: string;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, adapter });
    const { client, accessToken } = await test.loggedIn('ada');
    access = accessToken;
    refresh = (await client.cookie(COOKIE))!;
  });
  afterAll(() => test.close());

  const guarded = (bearer: string) => test.client().get('/guarded', { bearer });
  const refreshed = (token: string) =>
    test.client().post('/auth/refresh', { cookie: `${COOKIE}=${token}` });

  /** The control: a token that the forger signs without a change is accepted. */
  const forgedAccess = () => guarded(forge(access, ACCESS_SECRET));
  // No time passes: the same token is a replay each time, and gets a response each time.
  const forgedRefresh = () => refreshed(forge(refresh, REFRESH_SECRET));
  const guardedUntil = (exp: number) => guarded(forge(access, ACCESS_SECRET, { claims: { exp } }));

  describe('in the Authorization header', () => {
    it.each(forgeries)('is token_invalid: %s', async (_what, forgery) => {
      expect((await forgedAccess()).status).toBe(200);
      const response = await guarded(forge(access, ACCESS_SECRET, withEndlessExp(access, forgery)));
      expect([response.status, response.body.code]).toEqual([401, 'token_invalid']);
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="invalid_token", error_description="The access token is not valid."',
      );
      expect((await forgedAccess()).status).toBe(200);
    });

    it.each<[string, () => string]>([
      ['a refresh token', () => refresh],
      [
        'a refresh token that says it is an access token',
        () => forge(refresh, REFRESH_SECRET, { header: { typ: 'at+jwt' } }),
      ],
      [
        'a refresh token with an access token’s claims',
        () =>
          forge(refresh, REFRESH_SECRET, {
            payload: JSON.stringify(decoded(access.split('.')[1]!)),
          }),
      ],
      [
        'an access token with a refresh token’s header',
        () => forge(access, ACCESS_SECRET, { header: decoded(refresh.split('.')[0]!) }),
      ],
      [
        'an access token signed with the refresh secret',
        () => forge(access, ACCESS_SECRET, { secret: REFRESH_SECRET }),
      ],
      [
        'a refresh token’s claims under the access key',
        () =>
          forge(access, ACCESS_SECRET, {
            payload: JSON.stringify(decoded(refresh.split('.')[1]!)),
          }),
      ],
    ])('is token_invalid: %s', async (_what, forged) => {
      expect((await forgedAccess()).status).toBe(200);
      const response = await guarded(forged());
      expect([response.status, response.body.code]).toEqual([401, 'token_invalid']);
    });

    it('is refused as token_expired from its exp on', async () => {
      expect((await guardedUntil(now + 1)).status).toBe(200);
      const response = await guardedUntil(now);
      expect([response.status, response.body.code]).toEqual([401, 'token_expired']);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    });

    it('can’t pollute prototypes with claims of such names', async () => {
      const { roles: _, ...claims } = decoded(access.split('.')[1]!);
      const payload = JSON.stringify(claims).replace(
        '{',
        '{"__proto__":{"roles":["admin"]},"constructor":{"prototype":{"roles":["admin"]}},',
      );
      const forged = forge(access, ACCESS_SECRET, { payload });
      expect((await guarded(forged)).status).toBe(200);
      const admin = await test.client().get('/admin', { bearer: forged });
      expect([admin.status, admin.body.code]).toEqual([403, 'insufficient_role']);
      expect(({} as Json).roles).toBeUndefined();
    });

    it('can’t change its user with claims named like properties of the user object', async () => {
      const claims = { id: '999', sessionId: 'x' };
      const { body } = await guarded(forge(access, ACCESS_SECRET, { claims }));
      expect(body).toMatchObject({ id: decoded(access.split('.')[1]!).sub });
      expect(body.sessionId).toBe(decoded(access.split('.')[1]!).sid);
    });
  });

  describe('in the refresh cookie', () => {
    const more: [string, Forgery][] = [
      ['no gen', { claims: { gen: undefined } }],
      ['gen as a text', { claims: { gen: '0' } }],
      ['a negative gen', { claims: { gen: -1 } }],
      ['half a gen', { claims: { gen: 0.5 } }],
      ['no abs', { claims: { abs: undefined } }],
      ['abs as a text', { claims: { abs: String(now + 900) } }],
      ['a short secret', { claims: { jti: 'short' } }],
      ['a long secret', { claims: { jti: 'x'.repeat(44) } }],
      ['a secret of other characters', { claims: { jti: '|'.repeat(43) } }],
      ['a generation that never was', { claims: { gen: 5 } }],
      ['a session that never was', { claims: { sid: 'f'.repeat(32) } }],
    ];

    /** An instance whose clock was ahead may have issued it: its session's row decides, never `iat`. */
    const byTheRow = new Set(['an iat in the future']);
    const refused = forgeries.filter(([what]) => !byTheRow.has(what));

    it.each([...refused, ...more])('is refresh_invalid: %s', async (_what, forgery) => {
      expect((await forgedRefresh()).status).toBe(200);
      const forged = forge(refresh, REFRESH_SECRET, withEndlessExp(refresh, forgery));
      const response = await refreshed(forged);
      expect([response.status, response.body.code]).toEqual([401, 'refresh_invalid']);
      expect(response.setCookies).toEqual([]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect((await forgedRefresh()).status).toBe(200);
    });

    it.each<[string, () => string]>([
      ['an access token', () => access],
      [
        'an access token that says it is a refresh token',
        () => forge(access, ACCESS_SECRET, { header: { typ: 'rt+jwt' } }),
      ],
      [
        'an access token with a refresh token’s claims',
        () =>
          forge(access, ACCESS_SECRET, {
            payload: JSON.stringify(decoded(refresh.split('.')[1]!)),
          }),
      ],
      [
        'a refresh token with an access token’s header',
        () => forge(refresh, REFRESH_SECRET, { header: decoded(access.split('.')[0]!) }),
      ],
      [
        'a refresh token signed with the access secret',
        () => forge(refresh, REFRESH_SECRET, { secret: ACCESS_SECRET }),
      ],
      [
        'an access token’s claims under the refresh key',
        () =>
          forge(refresh, REFRESH_SECRET, {
            payload: JSON.stringify(decoded(access.split('.')[1]!)),
          }),
      ],
    ])('is refresh_invalid: %s', async (_what, forged) => {
      expect((await forgedRefresh()).status).toBe(200);
      const response = await refreshed(forged());
      expect([response.status, response.body.code]).toEqual([401, 'refresh_invalid']);
      expect(response.setCookies).toEqual([]);
    });

    it.each<[string, Json]>([
      ['a secret that was guessed', { jti: 'x'.repeat(43) }],
      ['a longer absolute life', { abs: now + 365 * 86_400 }],
    ])(
      'shows that the key has leaked, gets nothing and ends the session: %s',
      async (_w, claims) => {
        const { client, accessToken } = await test.loggedIn();
        const genuine = (await client.cookie(COOKIE))!;
        const response = await refreshed(forge(genuine, REFRESH_SECRET, { claims }));
        expect([response.status, response.body.code]).toEqual([401, 'refresh_reused']);
        expect(response.body).not.toHaveProperty('accessToken');
        const { sid } = decoded(accessToken.split('.')[1]!);
        expect(await test.sessions.findOneByOrFail({ id: sid as string })).toMatchObject({
          revokedReason: 'reuse',
        });
      },
    );

    it.each([now + 60, now + 30 * 86_400])('is judged by its row and never by iat', async (iat) => {
      const { client } = await test.loggedIn();
      const genuine = (await client.cookie(COOKIE))!;
      const response = await refreshed(forge(genuine, REFRESH_SECRET, { claims: { iat } }));
      expect(response.status).toBe(200);
    });

    it('gets nothing for a user other than the session’s', async () => {
      const { client } = await test.loggedIn();
      const other = await test.loggedIn();
      const { sub } = decoded(other.accessToken.split('.')[1]!);
      const genuine = (await client.cookie(COOKIE))!;
      const response = await refreshed(forge(genuine, REFRESH_SECRET, { claims: { sub } }));
      expect([response.status, response.body.code]).toEqual([401, 'refresh_reused']);
      expect((await other.client.post('/auth/refresh')).status).toBe(200);
    });

    it('lives no longer with a later exp: the session’s row decides', async () => {
      const { client } = await test.loggedIn();
      const genuine = (await client.cookie(COOKIE))!;
      test.clock.advance({ days: 8 });
      const claims = { exp: now + 30 * 86_400 };
      const response = await refreshed(forge(genuine, REFRESH_SECRET, { claims }));
      expect([response.status, response.body.code]).toEqual([401, 'refresh_expired']);
    });
  });
});
