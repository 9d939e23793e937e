import { describe, expect, it } from '@jest/globals';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';
import { signedRightly } from '../../security/jwt-parts.js';
import { claimsOf, codeOf, inMemoryApp, type InMemoryApp } from '../in-memory-app.js';
import { resultOf, cookies, type RequestParts } from './strategy-results.js';

const refreshing = (app: InMemoryApp, sent: RequestParts) =>
  resultOf(app.refreshStrategy, { method: 'POST', ...sent });
const cookie = (...tokens: string[]) => cookies('__Host-refresh_token', ...tokens);

describe('a refresh cookie', () => {
  it('provides its content', async () => {
    const app = inMemoryApp();
    const { token, sessionId } = await app.loggedIn();
    expect(await refreshing(app, { cookie: cookie(token) })).toMatchObject({
      sessionId,
      userId: '1',
      generation: 0,
    });
  });

  it('is reported as missing where there is none', async () => {
    expect(await refreshing(inMemoryApp(), {})).toBe('No auth token');
  });

  it('is refused if it contains no genuine refresh token, or an expired one', async () => {
    const app = inMemoryApp();
    const { token, accessToken } = await app.loggedIn();
    expect(await refreshing(app, { cookie: cookie('x') })).toBe('refresh_invalid');
    expect(await refreshing(app, { cookie: cookie(accessToken) })).toBe('refresh_invalid');
    const forged = cookie(signedRightly(token, ACCESS_SECRET));
    expect(await refreshing(app, { cookie: forged })).toBe('invalid signature');
    app.clock.advance({ days: 31 });
    expect(await refreshing(app, { cookie: cookie(token) })).toBe('refresh_expired');
  });

  it('is refused from other sites, and only where something may change', async () => {
    const app = inMemoryApp();
    const { token } = await app.loggedIn();
    const headers = { 'sec-fetch-site': 'cross-site' };
    const sent = { cookie: cookie(token), headers };
    expect(await refreshing(app, sent)).toBe('csrf_rejected');
    expect(await refreshing(app, { ...sent, method: 'HEAD' })).toMatchObject({ userId: '1' });
    const trusting = inMemoryApp({
      options: { allowedOrigins: ['https://app.example.com'] },
    });
    const other = await trusting.loggedIn();
    const from = { ...headers, origin: 'https://app.example.com' };
    expect(
      await refreshing(trusting, { cookie: cookie(other.token), headers: from }),
    ).toMatchObject({
      userId: '1',
    });
  });

  it('is found behind any number of forged ones with its name', async () => {
    const app = inMemoryApp();
    const { token } = await app.loggedIn();
    const forged = Array.from({ length: 30 }, (_, i) => `${token.slice(0, -2)}${i + 10}`);
    const junk = Array.from({ length: 100 }, (_, i) => `junk${i}`);
    for (const others of [junk, forged, [...junk, ...forged]]) {
      expect(await refreshing(app, { cookie: cookie(...others, token) })).toMatchObject({
        userId: '1',
      });
    }
  });

  it('of one session, sent twice: the newest is used, in any position', async () => {
    const app = inMemoryApp();
    const { token: first } = await app.loggedIn();
    const { refreshToken } = await app.auth.refresh(first);
    const second = refreshToken!.token;
    for (const sent of [cookie(first, second), cookie(second, first), cookie('x', first, second)]) {
      expect(await refreshing(app, { cookie: sent })).toMatchObject({ generation: 1 });
    }
    expect(await refreshing(app, { cookie: cookie('x', first) })).toMatchObject({ generation: 0 });
  });

  it('of different sessions, or several forged ones, is refused', async () => {
    const app = inMemoryApp();
    const [one, two] = [await app.loggedIn(), await app.loggedIn()];
    for (const sent of [cookie(one.token, two.token), cookie('x', 'y')]) {
      expect(await refreshing(app, { cookie: sent })).toBe('refresh_invalid');
    }
  });

  it('of an earlier configuration is read, as long as there is no current one', async () => {
    const previous = [{ name: 'rt' }, { name: 'old' }, { name: 'rt', path: '/auth' }];
    const app = inMemoryApp({ options: { cookies: { previous } } });
    const [earlier, today] = [await app.loggedIn(), await app.loggedIn()];
    const refreshed = async (sent: string) =>
      ((await refreshing(app, { cookie: sent })) as Record<string, unknown>).sessionId;
    expect(await refreshed(`old=${earlier.token}`)).toBe(earlier.sessionId);
    expect(await refreshed(`rt=${earlier.token}; other=1`)).toBe(earlier.sessionId);
    const both = `rt=${earlier.token}; ${cookie(today.token)}`;
    expect(await refreshed(both)).toBe(today.sessionId);
  });

  it('is read with the key that signed it, new or old', async () => {
    const secret = [`new ${REFRESH_SECRET}`, REFRESH_SECRET];
    const app = inMemoryApp({ options: { refreshToken: { secret } } });
    const { token } = await app.loggedIn();
    const old = inMemoryApp();
    const { token: older } = await old.loggedIn();
    expect(await refreshing(app, { cookie: cookie(token) })).toMatchObject({ generation: 0 });
    expect(await codeOf(old.auth.refresh(token))).toBe('refresh_invalid');
    // The successor is derived with the key of the token, so that instances with both agree on it.
    const read = (await refreshing(app, { cookie: cookie(older) })) as { nextSecret: string };
    const { refreshToken } = await old.auth.refresh(older);
    expect(read.nextSecret).toBe(claimsOf(refreshToken!.token).jti);
  });
});
