import { Logger, type ExecutionContext } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it, jest } from '@jest/globals';
import { JwtRefreshGuard } from '../../../src/access/jwt-refresh.guard.js';
import { AuthError } from '../../../src/errors/auth-error.js';
import { AuthResponses } from '../../../src/http/auth-responses.js';
import { AuthRouteGuard } from '../../../src/http/auth-route.guard.js';
import { SameSiteGuard } from '../../../src/http/same-site.guard.js';
import type { UntrustedProxyWarning } from '../../../src/http/untrusted-proxy-warning.js';
import type { AuthOptions } from '../../../src/options/auth-options.js';
import { inMemoryApp, refusalOf } from '../in-memory-app.js';
import { cookieOf } from './set-cookie-line.js';

const RESPONSE = { isResponse: true };

function contextOf(request: object): ExecutionContext {
  return new ExecutionContextHost([request, RESPONSE]);
}

/** The headers and cookies that an app with these options writes, in order. */
function replying(options: Partial<AuthOptions> = {}) {
  const app = inMemoryApp({ options });
  const written: unknown[][] = [];
  const writes =
    (what: string) =>
    (response: unknown, ...given: unknown[]) => {
      expect(response).toBe(RESPONSE);
      written.push([what, ...given]);
    };
  const httpAdapter = {
    setHeader: writes('header'),
    appendHeader(response: unknown, name: string, line: string) {
      expect(name).toBe('Set-Cookie');
      const [how, ...cookie] = cookieOf(line);
      writes(how)(response, ...cookie);
    },
  };
  const host = { httpAdapter } as unknown as HttpAdapterHost;
  return { app, host, written, replies: new AuthResponses(host, app.settings, app.clock) };
}

const NO_STORE = ['header', 'Cache-Control', 'no-store'];
const coded = (code: string) => ['header', 'Auth-Error-Code', code];
const HARDENED = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' };
const everything: Partial<AuthOptions> = {
  cookies: {
    access: true,
    sameSite: 'lax',
    domain: 'example.com',
    refresh: { path: '/auth' },
    previous: [{ name: 'old' }, { name: '__Secure-older', path: '/x', domain: 'www.example.com' }],
    clearSiteData: true,
  },
};
const LAX = { httpOnly: true, secure: true, sameSite: 'lax' };
const REFRESH = ['__Secure-refresh_token', { ...LAX, path: '/auth', domain: 'example.com' }];
const ACCESS = ['__Secure-access_token', { ...LAX, path: '/', domain: 'example.com' }];
const PREVIOUS = [
  ['delete', 'old', { ...LAX, path: '/' }],
  ['delete', '__Secure-older', { ...LAX, path: '/x', domain: 'www.example.com' }],
];

const issued = (expiresAt: number | null) => ({
  userId: '1',
  sessionId: 's',
  accessToken: 'at',
  expiresIn: 900,
  refreshToken: expiresAt === null ? null : { token: 'rt', expiresAt },
});

describe('tokens are sent', () => {
  const body = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 900 };

  it('in a body and one hardened cookie, which lives as long as the session', () => {
    const { app, replies, written } = replying();
    const expiresAt = app.clock.now() + 90_999;
    expect(replies.sendTokens(issued(expiresAt), RESPONSE)).toEqual(body);
    expect(written).toStrictEqual([
      NO_STORE,
      ['set', '__Host-refresh_token', 'rt', { ...HARDENED, maxAge: 90 }],
    ]);
  });

  it('without a cookie, if the client’s cookie is still current', () => {
    const { replies, written } = replying();
    expect(replies.sendTokens(issued(null), RESPONSE)).toEqual(body);
    expect(written).toEqual([NO_STORE]);
  });

  it('with the access token in a cookie too, if the app enables it; earlier cookies are deleted', () => {
    const { app, replies, written } = replying(everything);
    const access = ['set', ACCESS[0], 'at', { ...(ACCESS[1] as object), maxAge: 900 }];
    replies.sendTokens(issued(app.clock.now() + 60_000), RESPONSE);
    expect(written.splice(0)).toEqual([
      NO_STORE,
      ...PREVIOUS,
      ['set', REFRESH[0], 'rt', { ...(REFRESH[1] as object), maxAge: 60 }],
      access,
    ]);
    replies.sendTokens(issued(null), RESPONSE);
    expect(written).toEqual([NO_STORE, access]);
  });
});

describe('the token of a device', () => {
  const { app, replies, written } = replying();
  const withDevice = {
    ...issued(null),
    device: { token: 'dt', expiresAt: app.clock.now() + 5999 },
  };

  it('is sent in a cookie of its own, which lives as long as it', () => {
    replies.sendTokens(withDevice, RESPONSE);
    expect(written.splice(0)).toEqual([
      NO_STORE,
      ['set', '__Host-device_token', 'dt', { ...HARDENED, maxAge: 5 }],
    ]);
  });

  it('is left as it is by a response that has none', () => {
    replies.sendTokens({ ...withDevice, device: null }, RESPONSE);
    expect(written.splice(0)).toEqual([NO_STORE]);
  });

  it('is not sent if the app wants no such cookie', () => {
    const without = replying({ cookies: { device: false } });
    without.replies.sendTokens(withDevice, RESPONSE);
    expect(without.written).toEqual([NO_STORE]);
  });
});

describe('cookies are deleted with the attributes they were set with', () => {
  it('by a logout', () => {
    const { replies, written } = replying();
    replies.clearAfterLogout(RESPONSE);
    expect(written).toEqual([NO_STORE, ['delete', '__Host-refresh_token', HARDENED]]);
  });

  it('all of them, and the browser’s stored data, if configured', () => {
    const { replies, written } = replying(everything);
    const all = [NO_STORE, ['delete', ...REFRESH], ['delete', ...ACCESS], ...PREVIOUS];
    replies.clearAfterLogout(RESPONSE);
    expect(written.splice(0)).toEqual([
      ...all,
      ['header', 'Clear-Site-Data', '"cache", "storage"'],
    ]);
    replies.clearCookies(RESPONSE);
    expect(written).toEqual(all);
  });

  it('without a warning of large headers, as they have no value', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const previous = Array.from({ length: 22 }, (_, i) => ({ name: `o${i}` }));
    const { replies, written } = replying({ cookies: { previous } });
    replies.clearCookies(RESPONSE);
    expect(written).toHaveLength(2 + previous.length);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('by an error only if the session is known to have ended', () => {
    const { replies, written } = replying();
    replies.prepareError(new AuthError('refresh_invalid', 'Why.'), RESPONSE);
    replies.prepareError(new AuthError('busy', 'Why.', { retryAfter: 2 }), RESPONSE);
    expect(written.splice(0)).toEqual([
      coded('refresh_invalid'),
      ['header', 'WWW-Authenticate', 'Bearer'],
      coded('busy'),
      ['header', 'Retry-After', '2'],
    ]);
    replies.prepareError(new AuthError('refresh_reused', 'Why.', { sessionEnded: true }), RESPONSE);
    expect(written).toEqual([
      coded('refresh_reused'),
      ['header', 'WWW-Authenticate', 'Bearer'],
      NO_STORE,
      ['delete', '__Host-refresh_token', HARDENED],
    ]);
  });
});

function guarding() {
  const { app, host, replies, written } = replying();
  const guard = Object.assign(new JwtRefreshGuard(app.refreshStrategy), {
    adapterHost: host,
    cookies: replies,
  });
  return { app, guard, written };
}

describe('the guard of refresh cookies, on any route', () => {
  const CHALLENGE = ['header', 'WWW-Authenticate', 'Bearer'];

  it('writes the headers of its refusals, and deletes the cookie of an ended session', async () => {
    const { app, guard, written } = guarding();
    const { token } = await app.loggedIn();
    const enter = (cookie: string, type = 'http') => {
      const context = contextOf({ method: 'POST', headers: { cookie } });
      (context as ExecutionContextHost).setType(type);
      return guard.canActivate(context);
    };
    const cookie = `__Host-refresh_token=${token}`;
    expect(await enter(cookie)).toBe(true);
    expect(written.splice(0)).toEqual([NO_STORE]);
    expect((await refusalOf(enter('a=1'))).code).toBe('refresh_missing');
    expect(written.splice(0)).toEqual([NO_STORE, coded('refresh_missing'), CHALLENGE]);
    app.clock.advance({ days: 31 });
    expect((await refusalOf(enter(cookie))).code).toBe('refresh_expired');
    expect(written.splice(0)).toEqual([
      NO_STORE,
      coded('refresh_expired'),
      CHALLENGE,
      NO_STORE,
      ['delete', '__Host-refresh_token', HARDENED],
    ]);
    expect((await refusalOf(enter(cookie, 'rpc'))).code).toBe('refresh_expired');
    expect(written).toEqual([]);
  });

  it('ignores errors that are no refusals of the module', async () => {
    const { guard, written } = guarding();
    const oops = new TypeError('oops');
    guard.handleRequest = () => {
      throw oops;
    };
    await expect(guard.canActivate(contextOf({ headers: {} }))).rejects.toBe(oops);
    expect(written).toEqual([NO_STORE]);
  });
});

const fromSite = (headers: object) => () => {
  const { settings, refusals } = inMemoryApp({
    options: { allowedOrigins: ['https://app.example.com'] },
  });
  return new SameSiteGuard(settings, refusals).canActivate(contextOf({ headers }));
};

describe('the guard of routes that set cookies', () => {
  it('accepts the own site, allowed ones, and clients that are no browsers', () => {
    expect(fromSite({ 'sec-fetch-site': 'same-origin' })()).toBe(true);
    expect(fromSite({ origin: 'https://app.example.com' })()).toBe(true);
    expect(fromSite({})()).toBe(true);
  });

  it('refuses other sites', () => {
    expect(fromSite({ 'sec-fetch-site': 'cross-site' })).toThrow(
      expect.objectContaining({ code: 'csrf_rejected' }),
    );
  });
});

describe('the first guard of the module’s routes', () => {
  const looked: unknown[] = [];
  const warning = { inspect: (request: unknown) => void looked.push(request) };
  const admit = (request: object) =>
    new AuthRouteGuard(
      warning as unknown as UntrustedProxyWarning,
      { forbidCaching: () => {} } as unknown as AuthResponses,
    ).canActivate(contextOf(request));
  const admitting = (headers: Record<string, string>) => () => admit({ headers });
  const body = { 'content-length': '2' };

  it.each([
    ['no body', {}],
    ['an empty body, whatever its type', { 'content-length': '0', 'content-type': 'text/plain' }],
    ['JSON', { ...body, 'content-type': 'application/json' }],
    ['JSON in capitals', { ...body, 'content-type': 'Application/JSON' }],
    ['JSON with a charset', { ...body, 'content-type': 'application/json; charset=utf-8' }],
    ['JSON with a charset and a space', { ...body, 'content-type': 'application/json  ;x' }],
    ['JSON in pieces', { 'transfer-encoding': 'chunked', 'content-type': 'application/json' }],
  ])('accepts %s', (_what, headers) => {
    expect(admitting(headers)()).toBe(true);
  });

  it.each([
    ['a form', { ...body, 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', { ...body, 'content-type': 'text/plain' }],
    ['text in pieces', { 'transfer-encoding': 'chunked', 'content-type': 'text/plain' }],
    ['a body without a type', body],
    ['what only begins like JSON', { ...body, 'content-type': 'application/json-patch+json' }],
    ['what only ends like JSON', { ...body, 'content-type': 'text/plain; application/json' }],
    ['what hides a second type', { ...body, 'content-type': 'application/json, text/plain' }],
  ])(
    'refuses %s, which a page of another site could send without a preflight',
    (_what, headers) => {
      expect(admitting(headers)).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: 'Send the body as JSON: Content-Type: application/json.',
        }),
      );
    },
  );

  it('checks every request for signs of a proxy', () => {
    looked.splice(0);
    const request = { headers: {} };
    admit(request);
    expect(looked).toEqual([request]);
  });
});

describe('a route handler results in', () => {
  it('its return value, and nothing else', async () => {
    const { replies, written } = replying();
    expect(await replies.withErrorHeaders(RESPONSE, async () => 'done')).toBe('done');
    expect(written).toEqual([]);
  });

  it('its refusal, which has its headers when the app’s filters see it', async () => {
    const { replies, written } = replying();
    const refusal = new AuthError('busy', 'Try again.', { retryAfter: 3 });
    expect(await refusalOf(replies.withErrorHeaders(RESPONSE, () => Promise.reject(refusal)))).toBe(
      refusal,
    );
    expect(written).toContainEqual(['header', 'Retry-After', '3']);
  });

  it('an unrelated error unchanged', async () => {
    const { replies, written } = replying();
    const error = new TypeError('no function');
    await expect(replies.withErrorHeaders(RESPONSE, () => Promise.reject(error))).rejects.toBe(
      error,
    );
    expect(written).toEqual([]);
  });
});
