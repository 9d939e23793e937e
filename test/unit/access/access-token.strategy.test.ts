import { describe, expect, it } from '@jest/globals';
import type { AuthError } from '../../../src/errors/auth-error.js';
import type { AuthOptions } from '../../../src/options/auth-options.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';
import { signedRightly } from '../../security/jwt-parts.js';
import { inMemoryApp, claimsOf, type InMemoryApp } from '../in-memory-app.js';
import { hmacKey, signerOf } from '../tokens/test-keys.js';
import {
  resultOf,
  cookies,
  strategyRefusal,
  requestOf,
  type RequestParts,
} from './strategy-results.js';

/**
 * The sender of a request, or the code of the refusal. The strategy remembers a token once it was verified; then the
 * remembered result must be the same.
 */
async function accessing(app: InMemoryApp, sent: RequestParts) {
  const result = await resultOf(app.accessStrategy, sent);
  expect([result, null]).toContainEqual(recalled(app, sent));
  return result;
}

function recalled({ accessStrategy }: InMemoryApp, sent: RequestParts): unknown {
  try {
    return accessStrategy.recall(requestOf(sent));
  } catch (refusal) {
    return (refusal as AuthError).code;
  }
}

const cookie = (...tokens: string[]) => cookies('__Host-access_token', ...tokens);
const signed = (claims: object) => signerOf(hmacKey).signHere(claims);

describe('an access token', () => {
  it('gives the request’s user: the app’s claims, the ids of user and session, nothing else', async () => {
    const app = inMemoryApp();
    await app.userDirectory.add('ada', { claims: { username: 'ada', roles: ['admin'] } });
    const { accessToken: bearer, sessionId } = await app.loggedIn();
    expect(await accessing(app, { bearer })).toEqual({
      username: 'ada',
      roles: ['admin'],
      id: '1',
      sessionId,
    });
  });

  it('is reported as missing where there is none', async () => {
    expect(await accessing(inMemoryApp(), {})).toBe('No auth token');
  });

  it('is refused when this module did not issue it', async () => {
    const app = inMemoryApp();
    const { accessToken, token } = await app.loggedIn();
    const claims = claimsOf(accessToken);
    const bad = [
      'x',
      token,
      signedRightly(accessToken, REFRESH_SECRET),
      signed({ ...claims, iss: 'another' }),
      signed({ ...claims, aud: 'another' }),
      signed({ ...claims, sid: 7 }),
    ];
    for (const bearer of bad) {
      const response = await accessing(app, { bearer });
      expect(['token_invalid', 'invalid signature']).toContain(response);
    }
    expect(await accessing(app, { bearer: signed(claims) })).toMatchObject({ id: '1' });
    expect(await strategyRefusal(app.accessStrategy, { bearer: 'x' })).toMatchObject({
      message: 'The access token is not valid.',
    });
  });

  it('expires at its second, by this app’s clock', async () => {
    const app = inMemoryApp();
    const { accessToken: bearer } = await app.loggedIn();
    app.clock.advance({ ms: (claimsOf(bearer).exp as number) * 1000 - 1 - app.clock.now() });
    expect(await accessing(app, { bearer })).toMatchObject({ id: '1' });
    app.clock.advance({ ms: 1 });
    expect(await accessing(app, { bearer })).toBe('token_expired');
    expect(await strategyRefusal(app.accessStrategy, { bearer })).toMatchObject({
      message: 'The access token has expired. Refresh it.',
    });
  });

  it.each([
    [
      'accepted as far in the future as two clocks may be apart',
      58,
      expect.objectContaining({ id: '1' }),
    ],
    ['refused if it is farther in the future', 59, 'token_invalid'],
  ])('is %s', async (_what, aheadBy, response) => {
    const app = inMemoryApp();
    const { accessToken } = await app.loggedIn();
    const iat = Math.floor(app.clock.now() / 1000) + aheadBy;
    const bearer = signed({ ...claimsOf(accessToken), iat, exp: iat + 900 });
    expect(await accessing(app, { bearer })).toEqual(response);
  });

  it('ends with its session', async () => {
    const app = inMemoryApp();
    const [ended, other] = [await app.loggedIn(), await app.loggedIn()];
    await app.auth.logout(ended.token);
    expect(await accessing(app, { bearer: ended.accessToken })).toBe('session_revoked');
    expect(await accessing(app, { bearer: other.accessToken })).toMatchObject({ id: '1' });
    expect(await strategyRefusal(app.accessStrategy, { bearer: ended.accessToken })).toMatchObject({
      message: 'The session was ended. Log in again.',
      subject: { userId: '1', sessionId: ended.sessionId },
    });
  });

  it('is accepted while the feed is stale, because an outage is no logout', async () => {
    const app = inMemoryApp();
    const { accessToken: bearer } = await app.loggedIn();
    expect(app.feed.isStale()).toBe(true);
    expect(await accessing(app, { bearer })).toMatchObject({ id: '1' });
  });

  it('is refused while the feed is stale, if the app chose that', async () => {
    const app = inMemoryApp({ options: { revocation: { failClosed: true } } });
    const { accessToken: bearer } = await app.loggedIn();
    expect(await strategyRefusal(app.accessStrategy, { bearer })).toMatchObject({
      code: 'store_unavailable',
      cause: new Error('The revocation feed is stale.'),
    });
    await app.feed.poll();
    expect(await accessing(app, { bearer })).toMatchObject({ id: '1' });
  });
});

describe('an access token that was verified before', () => {
  it('is recalled, and each request gets its own copy of the user', async () => {
    const app = inMemoryApp();
    await app.userDirectory.add('ada', { claims: { username: 'ada', roles: ['admin'] } });
    const { accessToken: bearer, sessionId } = await app.loggedIn();
    expect(recalled(app, { bearer })).toBeNull();
    const users = [await accessing(app, { bearer }), recalled(app, { bearer })];
    for (const user of users) {
      expect(user).toEqual({ id: '1', sessionId, username: 'ada', roles: ['admin'] });
      (user as { roles: string[] }).roles.push('owner');
    }
    expect(recalled(app, { bearer })).toMatchObject({ roles: ['admin'] });
  });

  it('ends with its session, and at its second', async () => {
    const app = inMemoryApp();
    const [one, two] = [await app.loggedIn(), await app.loggedIn()];
    for (const { accessToken: bearer } of [one, two]) await accessing(app, { bearer });
    await app.auth.logout(one.token);
    expect(recalled(app, { bearer: one.accessToken })).toBe('session_revoked');
    expect(recalled(app, { bearer: two.accessToken })).toMatchObject({ id: '1' });
    app.clock.advance({ minutes: 15 });
    expect(recalled(app, { bearer: two.accessToken })).toBe('token_expired');
  });

  it('gives no access to a token with the same beginning, nor to a request without one', async () => {
    const app = inMemoryApp();
    const { accessToken: bearer } = await app.loggedIn();
    await accessing(app, { bearer });
    for (const odd of [`${bearer}x`, bearer.slice(0, -1), `${bearer.slice(0, -4)}AAAA`]) {
      expect(recalled(app, { bearer: odd })).toBeNull();
    }
    expect(recalled(app, {})).toBeNull();
  });

  it('beside a cookie of another session is refused, although the header is cached', async () => {
    const app = inMemoryApp({ options: { cookies: { access: true } } });
    const [one, two] = [await app.loggedIn(), await app.loggedIn()];
    const bearer = one.accessToken;
    await accessing(app, { bearer });
    expect(recalled(app, { bearer, cookie: cookie(two.accessToken) })).toBe('invalid_request');
    expect(recalled(app, { bearer, cookie: cookie(bearer) })).toMatchObject({ id: '1' });
  });

  it('is one whose signature was checked: calling validate() directly adds none', async () => {
    const app = inMemoryApp();
    const { accessToken } = await app.loggedIn();
    const forged = `${accessToken.slice(0, -20)}${'A'.repeat(20)}`;
    const claims: unknown = claimsOf(accessToken);
    app.accessStrategy.validate(requestOf({ bearer: forged }), claims);
    expect(recalled(app, { bearer: forged })).toBeNull();
  });

  it('is verified every time if the cache is off', async () => {
    const accessToken = { secret: ACCESS_SECRET, cache: false } as const;
    const app = inMemoryApp({ options: { accessToken } });
    const { accessToken: bearer } = await app.loggedIn();
    expect(await accessing(app, { bearer })).toMatchObject({ id: '1' });
    expect(recalled(app, { bearer })).toBeNull();
  });
});

describe('an access token in a cookie', () => {
  const options: Partial<AuthOptions> = {
    cookies: { access: true },
    allowedOrigins: ['https://app.example.com'],
  };

  it('is read only if the app enables it', async () => {
    const [without, withCookie] = [inMemoryApp(), inMemoryApp({ options })];
    for (const [app, response] of [
      [without, 'No auth token'],
      [withCookie, expect.objectContaining({ id: '1' })],
    ] as const) {
      const { accessToken } = await app.loggedIn();
      expect(await accessing(app, { cookie: cookie(accessToken) })).toEqual(response);
    }
    expect(await accessing(withCookie, { cookie: 'other=1' })).toBe('No auth token');
  });

  it('is refused together with another one, because the sender is unclear', async () => {
    const app = inMemoryApp({ options });
    const [one, two] = [await app.loggedIn(), await app.loggedIn()];
    const both = cookie(one.accessToken, two.accessToken);
    expect(await accessing(app, { cookie: both })).toBe('token_invalid');
  });

  it.each([
    ['GET', 'cross-site', 'ok'],
    ['POST', 'cross-site', 'csrf_rejected'],
    ['DELETE', 'same-site', 'csrf_rejected'],
    ['POST', 'same-origin', 'ok'],
  ])('with a %s from %s: %s', async (method, site, response) => {
    const app = inMemoryApp({ options });
    const { accessToken } = await app.loggedIn();
    const sent = { method, cookie: cookie(accessToken), headers: { 'sec-fetch-site': site } };
    const got = await accessing(app, sent);
    expect(typeof got === 'string' ? got : 'ok').toBe(response);
    const allowed = { ...sent.headers, origin: 'https://app.example.com' };
    expect(await accessing(app, { ...sent, headers: allowed })).toMatchObject({ id: '1' });
  });

  it('is ignored beside a header of the same session, which another site can’t set', async () => {
    const app = inMemoryApp({ options });
    const { accessToken: bearer } = await app.loggedIn();
    const headers = { 'sec-fetch-site': 'cross-site' };
    const sent = { bearer, cookie: cookie(bearer), method: 'POST', headers };
    expect(await accessing(app, sent)).toMatchObject({ id: '1' });
  });

  it('beside a header of another session is refused: a request has one sender', async () => {
    const app = inMemoryApp({ options });
    const [one, two] = [await app.loggedIn(), await app.loggedIn()];
    const beside = (...tokens: string[]) =>
      accessing(app, { bearer: one.accessToken, cookie: cookie(...tokens) });
    const head = one.accessToken.split('.')[0];
    expect(await beside(two.accessToken)).toBe('invalid_request');
    expect(await beside(one.accessToken, two.accessToken)).toBe('invalid_request');
    for (const odd of [
      'x',
      'x.y.z',
      `${head}.bnVsbA.x`,
      `${head}.e30.x`,
      `${head}.InMi.x`,
      `${head}`,
    ]) {
      expect(await beside(odd)).toBe('invalid_request');
    }
    expect(
      await strategyRefusal(app.accessStrategy, { bearer: one.accessToken, cookie: cookie('x') }),
    ).toMatchObject({
      message:
        'The Authorization header and the cookie carry tokens of different sessions: send one of them.',
      subject: { userId: '1', sessionId: one.sessionId },
    });
  });

  it('beside a header with another token of the same session is no contradiction', async () => {
    const app = inMemoryApp({ options });
    const { accessToken: older, token } = await app.loggedIn();
    app.clock.advance({ seconds: 1 });
    const { accessToken: bearer } = await app.auth.refresh(token);
    expect(bearer).not.toBe(older);
    expect(await accessing(app, { bearer, cookie: cookie(older) })).toMatchObject({ id: '1' });
  });

  it('counts as missing if it is missing, whatever site the request comes from', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await accessing(inMemoryApp({ options }), { method: 'POST', headers })).toBe(
      'No auth token',
    );
  });

  it('is ignored if the app uses no such cookie, whatever it contains', async () => {
    const app = inMemoryApp();
    const { accessToken: bearer } = await app.loggedIn();
    expect(await accessing(app, { bearer, cookie: cookie('x') })).toMatchObject({ id: '1' });
  });
});
