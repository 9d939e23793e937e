import { describe, expect, it } from '@jest/globals';
import type { CookieOptions } from '../../../src/options/auth-options.js';
import { resolveAuthOptions } from '../../../src/options/auth-settings.js';

const cookieSettings = (cookies?: CookieOptions) => {
  const { refreshCookie, accessCookie, deviceCookie, previousCookies, clearSiteData } =
    resolveAuthOptions({
      accessToken: { secret: 'a' },
      refreshToken: { secret: 'r' },
      ...(cookies === undefined ? {} : { cookies }),
    });
  return { refreshCookie, accessCookie, deviceCookie, previousCookies, clearSiteData };
};

const STRICT = { domain: undefined, secure: true, sameSite: 'strict' };

describe('the cookies of the module', () => {
  it('are two by default, as hardened as browsers allow', () => {
    expect(cookieSettings()).toEqual({
      refreshCookie: { name: '__Host-refresh_token', path: '/', ...STRICT },
      accessCookie: null,
      deviceCookie: { name: '__Host-device_token', path: '/', ...STRICT },
      previousCookies: [],
      clearSiteData: false,
    });
  });

  it('are only one if the device cookie is off, and it can have another name and path', () => {
    expect(cookieSettings({ device: false }).deviceCookie).toBeNull();
    const { deviceCookie } = cookieSettings({ device: { name: 'seen', path: '/auth' } });
    expect(deviceCookie).toEqual({ name: '__Secure-seen', path: '/auth', ...STRICT });
    const beside = cookieSettings({ refresh: { path: '/auth' } }).deviceCookie;
    expect(beside).toEqual({ name: '__Secure-device_token', path: '/auth', ...STRICT });
  });

  it('are three with one for the access token, under its default name or a chosen one', () => {
    const { accessCookie } = cookieSettings({ access: true });
    expect(accessCookie).toEqual({ name: '__Host-access_token', path: '/', ...STRICT });
    expect(cookieSettings({ access: {} }).accessCookie).toEqual(accessCookie);
    const chosen = cookieSettings({ access: { name: 'at', path: '/api' } }).accessCookie;
    expect(chosen).toEqual({ name: '__Secure-at', path: '/api', ...STRICT });
    expect(cookieSettings({ access: false }).accessCookie).toBeNull();
  });

  it.each([
    [{ sameSite: 'lax' as const }, { secure: true, sameSite: 'lax' }],
    [{ sameSite: 'none' as const }, { secure: true, sameSite: 'none' }],
    [{ secure: false }, { secure: false, sameSite: 'strict' }],
    [
      { secure: false, sameSite: 'lax' as const },
      { secure: false, sameSite: 'lax' },
    ],
  ])('all have the attributes of %j', (options, attributes) => {
    const previous = [{ name: 'old' }];
    const all = cookieSettings({ ...options, access: true, previous });
    expect(all.refreshCookie).toMatchObject(attributes);
    expect(all.accessCookie).toMatchObject(attributes);
    expect(all.previousCookies).toEqual([
      { name: 'old', path: '/', domain: undefined, ...attributes },
    ]);
  });

  it.each<[CookieOptions, string]>([
    [{}, '__Host-refresh_token'],
    [{ domain: 'example.com' }, '__Secure-refresh_token'],
    [{ refresh: { path: '/auth' } }, '__Secure-refresh_token'],
    [{ secure: false }, 'refresh_token'],
    [{ secure: false, domain: 'example.com' }, 'refresh_token'],
  ])('have the strongest prefix that browsers take with %j', (options, name) => {
    expect(cookieSettings(options).refreshCookie.name).toBe(name);
  });

  it('of an earlier configuration keep their name, path and domain', () => {
    const previous = [{ name: '__Host-rt' }, { name: 'rt', path: '/x', domain: '.example.com' }];
    const { previousCookies } = cookieSettings({ secure: false, previous });
    expect(previousCookies).toEqual([
      // Without Secure no browser would delete it.
      { ...STRICT, name: '__Host-rt', path: '/' },
      { ...STRICT, secure: false, name: 'rt', path: '/x', domain: '.example.com' },
    ]);
  });
});

describe('cookies that browsers would not keep as intended are refused:', () => {
  it.each([
    [
      'SameSite=None without Secure',
      { sameSite: 'none' as const, secure: false },
      'cookies.sameSite "none" needs cookies.secure: browsers drop such a cookie otherwise. Serve over HTTPS, or use "lax".',
    ],
    [
      'an unknown SameSite',
      { sameSite: 'Strict' as 'strict' },
      'cookies.sameSite must be "strict" or "lax" or "none".',
    ],
    [
      'one name for two',
      { refresh: { name: 'x' }, access: { name: 'x' } },
      'cookies.access and cookies.refresh must have two names.',
    ],
    ...[
      { device: { name: 'refresh_token' } },
      { access: { name: 'x' }, device: { name: 'x' } },
      { previous: [{ name: '__Host-device_token' }] },
    ].map(
      (options) =>
        [
          `one name for the device and another (${JSON.stringify(options)})`,
          options,
          'cookies.device has the name of another cookie, also among cookies.previous: give it a name of its own.',
        ] as const,
    ),
    [
      'a prefix of the app’s own',
      { refresh: { name: '__Host-x' } },
      'cookies.refresh.name must be letters, digits, "_" and "-", without the "__Host-" or "__Secure-" prefix, which is added where the attributes allow it (never with a domain or another path than "/").',
    ],
    ['an empty name', { access: { name: '' } }, 'cookies.access.name must be letters'],
    ['a name with a space in front', { access: { name: ' a' } }, 'cookies.access.name must be'],
    ['a name with a space behind', { access: { name: 'a ' } }, 'cookies.access.name must be'],
    ['a relative path', { access: { path: 'x' } }, 'cookies.access.path must start with "/"'],
    [
      'an earlier path with a semicolon',
      { previous: [{ name: 'x', path: '/;' }] },
      'cookies.previous[0].path must start with "/" and have no spaces, semicolons or letters beyond ASCII.',
    ],
    [
      'an earlier domain with a port',
      { previous: [{ name: 'x', domain: 'a:1' }] },
      'cookies.previous[0].domain must be a host name alone, such as "example.com": no scheme, port or path.',
    ],
  ])('%s', (_what, options, sentence) => {
    expect(() => cookieSettings(options)).toThrow(`nestjs-refresh-auth: ${sentence}`);
  });

  it('but one name may begin with another one', () => {
    const { refreshCookie, accessCookie } = cookieSettings({
      refresh: { name: 'x' },
      access: { name: '_x' },
    });
    expect([refreshCookie.name, accessCookie!.name]).toEqual(['__Host-x', '__Host-_x']);
  });
});
