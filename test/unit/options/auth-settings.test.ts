import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import type { AuthOptions } from '../../../src/options/auth-options.js';
import { resolveAuthOptions } from '../../../src/options/auth-settings.js';

const least = (): AuthOptions => ({
  accessToken: { secret: 'not judged here' },
  refreshToken: { secret: 'nor here' },
});

const settingsWith = (options: Partial<AuthOptions>) =>
  resolveAuthOptions({ ...least(), ...options });

/** A JavaScript app's options: nobody checked their types. */
const untyped = (options: Record<string, unknown>) => options as Partial<AuthOptions>;

describe('minimal options', () => {
  it('get every default', () => {
    expect(resolveAuthOptions(least())).toMatchObject({
      issuer: 'nestjs-refresh-auth',
      accessAudience: 'nestjs-refresh-auth',
      refreshAudience: 'nestjs-refresh-auth/refresh',
      accessLifetimeMs: 15 * 60_000,
      idleLifetimeMs: 7 * 86_400_000,
      absoluteLifetimeMs: 30 * 86_400_000,
      leewayMs: 30_000,
      refreshCookie: {
        name: '__Host-refresh_token',
        path: '/',
        domain: undefined,
        secure: true,
        sameSite: 'strict',
      },
      accessCookie: null,
      allowedOrigins: new Set(),
      passwords: { memoryCost: 19456, timeCost: 2, parallelism: 1, minLength: 15 },
      passportName: null,
      revocationPollMs: 1000,
    });
  });

  it('take one secret or a list of them', () => {
    const { accessKeys, refreshSecrets } = resolveAuthOptions({
      accessToken: { secret: ['new', { kid: 'old', secret: 'old' }] },
      refreshToken: { secret: 'only' },
    });
    expect(accessKeys).toEqual([
      { algorithm: 'HS256', secret: 'new' },
      { algorithm: 'HS256', kid: 'old', secret: 'old' },
    ]);
    expect(refreshSecrets).toEqual(['only']);
  });

  it('keep the audiences of access and refresh tokens apart, whatever the audience', () => {
    const { accessAudience, refreshAudience } = settingsWith({ issuer: 'me', audience: 'api' });
    expect([accessAudience, refreshAudience]).toEqual(['api', 'api/refresh']);
  });
});

describe('the name of a cookie', () => {
  it.each<[AuthOptions['cookies'], string, string]>([
    [{}, '__Host-refresh_token', '__Host-access_token'],
    [{ sameSite: 'none' }, '__Host-refresh_token', '__Host-access_token'],
    [{ refresh: { path: '/auth' } }, '__Secure-refresh_token', '__Host-access_token'],
    [{ domain: 'example.com' }, '__Secure-refresh_token', '__Secure-access_token'],
    [{ secure: false }, 'refresh_token', 'access_token'],
    [{ secure: false, domain: 'example.com' }, 'refresh_token', 'access_token'],
    [{ refresh: { name: 'sid' } }, '__Host-sid', '__Host-access_token'],
  ])('with %j has the strongest prefix its attributes allow: %s', (cookies, refresh, access) => {
    const settings = settingsWith({ cookies: { ...cookies, access: true } });
    expect(settings.refreshCookie.name).toBe(refresh);
    expect(settings.accessCookie!.name).toBe(access);
  });

  it('and path of the access cookie can be chosen', () => {
    const { accessCookie } = settingsWith({ cookies: { access: { name: 'at', path: '/api' } } });
    expect(accessCookie).toMatchObject({ name: '__Secure-at', path: '/api' });
  });
});

describe('allowed origins', () => {
  it('are compared in their normal form', () => {
    const { allowedOrigins } = settingsWith({
      allowedOrigins: ['HTTPS://App.Example.com:443', 'http://localhost:5173'],
    });
    expect([...allowedOrigins]).toEqual(['https://app.example.com', 'http://localhost:5173']);
  });
});

describe('contradictory options are refused with a sentence:', () => {
  it.each<[string, Partial<AuthOptions>, RegExp]>([
    ['no access token', untyped({ accessToken: undefined }), /accessToken must be an object/],
    ['no refresh token', untyped({ refreshToken: null }), /refreshToken must be an object/],
    ['no secret', untyped({ accessToken: {} }), /accessToken\.secret is missing.*openssl rand/],
    ['no secrets', { refreshToken: { secret: [] } }, /refreshToken\.secret is missing/],
    [
      'a gap among secrets',
      untyped({ refreshToken: { secret: ['one', undefined] } }),
      /refreshToken\.secret\[1\] is missing/,
    ],
    [
      'a lifetime without a unit',
      { accessToken: { secret: 'a', expiresIn: '900' } },
      /accessToken\.expiresIn: "900" is not a duration/,
    ],
    [
      'a lifetime below a second',
      { accessToken: { secret: 'a', expiresIn: '900ms' } },
      /accessToken\.expiresIn must be at least one second/,
    ],
    [
      'a negative leeway',
      { refreshToken: { secret: 'r', leeway: -1 } },
      /refreshToken\.leeway: -1 is not a duration/,
    ],
    [
      'a poll without a pause',
      { revocation: { pollInterval: 0 } },
      /revocation\.pollInterval must be at least one second/,
    ],
    [
      'an absolute life below the idle one',
      { refreshToken: { secret: 'r', expiresIn: '7d', absoluteExpiresIn: '6d' } },
      /absoluteExpiresIn is shorter than refreshToken\.expiresIn/,
    ],
    [
      'an absolute life that no browser keeps',
      { refreshToken: { secret: 'r', absoluteExpiresIn: '401d' } },
      /longer than 400 days/,
    ],
    [
      'SameSite=None over plain HTTP',
      { cookies: { sameSite: 'none', secure: false } },
      /sameSite "none" needs cookies\.secure/,
    ],
    [
      'an unknown SameSite',
      untyped({ cookies: { sameSite: 'Strict' } }),
      /sameSite must be "strict".*"lax".*"none"/,
    ],
    [
      'a prefix of its own',
      { cookies: { refresh: { name: '__Host-x' } } },
      /without the "__Host-"/,
    ],
    ['a name with a space', { cookies: { access: { name: 'a b' } } }, /cookies\.access\.name/],
    ['a name with a line break', { cookies: { refresh: { name: 'a\n' } } }, /refresh\.name/],
    ['a relative path', { cookies: { refresh: { path: 'auth' } } }, /path must start with "\/"/],
    [
      'one name for two cookies',
      { cookies: { access: { name: 'refresh_token' } } },
      /must have two names/,
    ],
    ['an empty issuer', { issuer: ' ' }, /issuer must be a text that is not empty/],
    ['an audience that is a list', untyped({ audience: ['a'] }), /audience must be a text/],
    ['an empty name for Passport', { passportName: '' }, /passportName must be a text/],
    ['no session at all', { maxSessionsPerUser: 0 }, /maxSessionsPerUser.*at least 1/],
    ['half a session', { maxSessionsPerUser: 1.5 }, /maxSessionsPerUser.*whole number/],
    ['a limit of sessions by name', { maxSessionsPerUser: 'many' as never }, /maxSessionsPerUser/],
    ['true for a limit', { maxSessionsPerUser: true as never }, /maxSessionsPerUser/],
    ['more sessions than a list has', { maxSessionsPerUser: 1001 }, /maxSessionsPerUser.*1000/],
    ['too little memory', { passwords: { memoryCost: 4096 } }, /memoryCost.*at least 19456/],
    ['too few iterations', { passwords: { timeCost: 1 } }, /timeCost.*at least 2/],
    [
      'memory in bytes',
      { passwords: { memoryCost: 64 * 1024 * 1024 } },
      /passwords\.memoryCost must be at most 1048576 KiB \(1 GiB\): it counts KiB, not bytes\.$/,
    ],
    ['memory that no hash may need', { passwords: { memoryCost: 1_100_000 } }, /memoryCost.*KiB/],
    ['33 passes', { passwords: { timeCost: 33 } }, /passwords\.timeCost must be at most 32\.$/],
    [
      '17 lanes',
      { passwords: { parallelism: 17 } },
      /passwords\.parallelism must be at most 16\.$/,
    ],
    ['half a lane', { passwords: { parallelism: 1.5 } }, /parallelism must be a whole number/],
    ['passwords of 7', { passwords: { minLength: 7 } }, /minLength.*at least 8/],
    [
      'passwords longer than any that is taken',
      { passwords: { minLength: 1025 } },
      /passwords\.minLength must be at most 1024, the longest password taken\.$/,
    ],
    [
      'an access token of a century',
      { accessToken: { secret: 'a', expiresIn: '100y' } },
      /accessToken\.expiresIn: "100y" is longer than ten years: give less\.$/,
    ],
    [
      'a number without measure',
      { accessToken: { secret: 'a', expiresIn: 1e30 } },
      /accessToken\.expiresIn: 1e\+30 is longer than ten years \(a number counts seconds\): give less\.$/,
    ],
    ['a leeway of centuries', { refreshToken: { secret: 'r', leeway: '300y' } }, /longer than ten/],
    ['an idle life of them', { refreshToken: { secret: 'r', expiresIn: 1e10 } }, /longer than ten/],
    ['a poll once in a century', { revocation: { pollInterval: '100y' } }, /longer than ten years/],
    ['an issuer of a page', { issuer: 'i'.repeat(256) }, /issuer must have at most 255 bytes: it/],
    ['an audience of one', { audience: 'é'.repeat(128) }, /audience must have at most 255 bytes/],
    ['a client of one', { clientId: '\u0001'.repeat(43) }, /clientId must have at most 255 bytes/],
    [
      'a cookie name of a page',
      { cookies: { refresh: { name: 'r'.repeat(129) } } },
      /cookies\.refresh\.name must have at most 128 characters/,
    ],
    [
      'one for access tokens',
      { cookies: { access: { name: 'r'.repeat(129) } } },
      /cookies\.access\.name must have at most 128/,
    ],
    [
      'one for devices',
      { cookies: { device: { name: 'r'.repeat(129) } } },
      /cookies\.device\.name must have at most 128/,
    ],
    [
      'one of an earlier configuration',
      { cookies: { previous: [{ name: 'r'.repeat(256) }] } },
      /cookies\.previous\[0\]\.name must have at most 255/,
    ],
    [
      'a path that browsers ignore',
      { cookies: { refresh: { path: `/${'p'.repeat(1024)}` } } },
      /cookies\.refresh\.path must have at most 1024/,
    ],
    [
      'a domain that is none',
      { cookies: { domain: 'd'.repeat(254) } },
      /domain must have at most 253/,
    ],
  ])('%s', (_what, options, sentence) => {
    expect(() => settingsWith(options)).toThrow(AuthConfigurationError);
    expect(() => settingsWith(options)).toThrow(sentence);
  });

  it.each([
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://user@app.example.com',
    'https://app.example.com?x',
    'app.example.com',
    'null',
    '*',
    'ftp://app.example.com',
    'file:///etc/passwd',
    '',
    7,
  ])('%j as an allowed origin', (origin) => {
    const options = { allowedOrigins: [origin as string] };
    expect(() => settingsWith(options)).toThrow(AuthConfigurationError);
    expect(() => settingsWith(options)).toThrow(/is not an origin: write scheme, host and port/);
  });

  describe.each<[string, Partial<AuthOptions>]>([
    ['a wildcard as an allowed origin', { allowedOrigins: ['https://*.example.com'] }],
    ['a path that no cookie can have', { cookies: { refresh: { path: '/a;b' } } }],
    ['a path that is no ASCII', { cookies: { refresh: { path: '/ä' } } }],
    ['a domain with a space', { cookies: { domain: 'bad domain' } }],
    ['a domain that is an address', { cookies: { domain: 'https://example.com' } }],
    ['an empty domain', { cookies: { domain: '' } }],
    ['a pause longer than a timer', { revocation: { pollInterval: '30d' } }],
  ])('%s', (_what, options) => {
    it('at boot, not at the first login', () => {
      expect(() => settingsWith(options)).toThrow(AuthConfigurationError);
    });
  });

  it.each([[undefined], [null], ['options'], [7]])('%p instead of options', (options) => {
    expect(() => resolveAuthOptions(options as never)).toThrow(/the options must be an object/);
  });
});
