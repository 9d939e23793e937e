import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { bearerToken } from '../../src/access/bearer-token.js';
import { cookieValues } from '../../src/access/cookie-values.js';
import { isSafeMethod } from '../../src/access/cross-site.js';
import type { HttpRequest } from '../../src/access/http-request.js';
import type { CookieOptions } from '../../src/options/auth-options.js';
import { resolveAuthOptions } from '../../src/options/auth-settings.js';
import { judge } from '../../src/sessions/verdict.js';
import { buildKeys } from '../../src/tokens/keys.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

const cookieSettings = (cookies: CookieOptions) =>
  resolveAuthOptions({
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    cookies,
  });

const request = (...rawHeaders: string[]): HttpRequest => ({
  rawHeaders,
  headers: Object.fromEntries(
    rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1]]] : [])),
  ),
});

describe('keys don’t change', () => {
  it('from release to release: another name, or another ratchet, would sign everybody out', () => {
    const keys = buildKeys([{ algorithm: 'HS256', secret: ACCESS_SECRET }], [REFRESH_SECRET]);
    const [refresh] = keys.refresh;
    expect([keys.access[0].kid, refresh.kid]).toEqual(['o98naNjG', 'wkFaySVx']);
    const fingerprint = createHash('sha256').update(refresh.ratchetKey.export()).digest('hex');
    expect(fingerprint.slice(0, 16)).toBe('344d67950ac07c21');
  });
});

describe('with a leeway of 0', () => {
  const row = {
    id: 'session',
    userId: '1',
    tokenHash: 'two',
    generation: 2,
    createdAt: 0,
    rotatedAt: 10_000,
    expiresAt: 100_000,
    absoluteExpiresAt: 100_000,
    revokedAt: null,
    revokedReason: null,
    ip: null,
    userAgent: null,
  };
  const predecessor = {
    userId: '1',
    generation: 1,
    tokenHash: 'one',
    nextTokenHash: 'two',
    absoluteExpiresAt: 100_000,
  };

  it('every superseded token is reuse, even on an instance whose clock is behind', () => {
    expect(judge(row, predecessor, 10_000, 0)).toBe('reused');
    expect(judge(row, predecessor, 5_000, 0)).toBe('reused');
    expect(judge(row, predecessor, 5_000, 1)).toBe('replayed');
  });
});

describe('a single Authorization header', () => {
  it('is not taken for two if other headers are as long', () => {
    const headers = ['If-None-Match', '"1"', 'Authorization', 'Bearer token'];
    expect(bearerToken(request(...headers))).toBe('token');
    expect(() => bearerToken(request(...headers, 'AUTHORIZATION', 'Bearer x'))).toThrow(
      /not several/,
    );
  });
});

describe('the value of a cookie', () => {
  it.each([
    ['a=x', 'x'],
    ['a="x"', 'x'],
    ['a="x', '"x'],
    ['a=x"', 'x"'],
    ['a="', '"'],
    ['a=x=y', 'x=y'],
    [' \t a \t=\t x y \t', 'x y'],
    ['a=\u00a0x', '\u00a0x'],
  ])('in %j is %j', (cookie, value) => {
    expect(cookieValues(request('Cookie', cookie), 'a')).toEqual([value]);
  });

  it.each(['a', 'ax', 'aa=x', 'a\u00a0=x', 'A=x', '=a=x', '="a=x', 'b=a=x', '', ';', '=', 'a='])(
    'is not in %j',
    (cookie) => {
      expect(cookieValues(request('Cookie', cookie), 'a')).toEqual([]);
    },
  );
});

describe('a method of HTTP', () => {
  it('counts as one that may change something, if it is unknown', () => {
    expect([undefined, '', 'get', 'PROPFIND'].map(isSafeMethod)).toEqual(Array(4).fill(false));
    expect(['GET', 'HEAD', 'OPTIONS'].map(isSafeMethod)).toEqual(Array(3).fill(true));
  });
});

describe('cookie settings', () => {
  it('send Clear-Site-Data only if configured', () => {
    expect(cookieSettings({}).clearSiteData).toBe(false);
    expect(cookieSettings({ clearSiteData: true }).clearSiteData).toBe(true);
  });

  it.each(['localhost', 'example.com', '.a.b-c.example', 'EXAMPLE.com', '192.0.2.1'])(
    'take the domain %s',
    (domain) => {
      expect(cookieSettings({ domain }).refreshCookie.domain).toBe(domain);
    },
  );

  it.each([
    'https://example.com',
    'example.com/',
    'example.com:80',
    'a b',
    'a;b',
    '',
    'exämple.com',
  ])('refuse the domain %j', (domain) => {
    expect(() => cookieSettings({ domain })).toThrow(/cookies\.domain must be a host name alone/);
    const previous = [{ name: 'refresh_token', domain }];
    expect(() => cookieSettings({ previous })).toThrow(
      /cookies\.previous\[0\]\.domain must be a host name alone/,
    );
  });

  it.each(['/a/b', '/a-b', '/~'])('take the path %s', (path) => {
    expect(cookieSettings({ refresh: { path } }).refreshCookie.path).toBe(path);
  });

  it.each(['a/', 'x/a', '/a b', '/a;b', '/ä', '/a\n'])('refuse the path %j', (path) => {
    expect(() => cookieSettings({ refresh: { path } })).toThrow(
      /cookies\.refresh\.path must start/,
    );
  });
});
