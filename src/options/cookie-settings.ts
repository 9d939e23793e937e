import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { CookieNameOptions, CookieOptions } from './auth-options.js';
import { oneOf } from './checked-values.js';

/** One cookie, ready to be written: the prefix is part of the name. */
export interface CookieSettings {
  name: string;
  path: string;
  domain: string | undefined;
  secure: boolean;
  sameSite: 'strict' | 'lax' | 'none';
}

/** The cookies of the module. */
export interface CookieJarSettings {
  refreshCookie: CookieSettings;
  accessCookie: CookieSettings | null;
  /** Null: devices are known by their refresh tokens alone. */
  deviceCookie: CookieSettings | null;
  /** Refresh cookies as they were before the configuration changed. */
  previousCookies: readonly CookieSettings[];
  clearSiteData: boolean;
}

/** @throws {AuthConfigurationError} */
export function cookieSettings(options: CookieOptions = {}): CookieJarSettings {
  const { secure = true, domain, refresh = {}, access = false, device = true } = options;
  const { previous = [] } = options;
  const sameSite = oneOf('cookies.sameSite', options.sameSite ?? 'strict', [
    'strict',
    'lax',
    'none',
  ]);
  if (sameSite === 'none' && !secure) {
    throw new AuthConfigurationError(
      'cookies.sameSite "none" needs cookies.secure: browsers drop such a cookie otherwise. Serve over HTTPS, or use "lax".',
    );
  }
  refuseBadDomain('cookies.domain', domain);
  const cookie = (where: string, names: CookieNameOptions, defaultName: string): CookieSettings => {
    const { name = defaultName, path = '/' } = names;
    refuseBadName(where, name);
    refuseBadPath(where, path);
    return { name: cookiePrefix(secure, path, domain) + name, path, domain, secure, sameSite };
  };
  const refreshCookie = cookie('cookies.refresh', refresh, 'refresh_token');
  const optional = (where: string, names: boolean | CookieNameOptions, defaultName: string) =>
    names === false ? null : cookie(where, named(names), defaultName);
  const accessCookie = optional('cookies.access', access, 'access_token');
  // Where the refresh cookie is kept away from the rest of the app, this one is too.
  const deviceNames = device === false ? false : { path: refresh.path ?? '/', ...named(device) };
  const deviceCookie = optional('cookies.device', deviceNames, 'device_token');
  if (accessCookie?.name === refreshCookie.name) {
    throw new AuthConfigurationError('cookies.access and cookies.refresh must have two names.');
  }
  const others = [refreshCookie, ...(accessCookie === null ? [] : [accessCookie]), ...previous];
  if (others.some(({ name }) => name === deviceCookie?.name)) {
    throw new AuthConfigurationError(
      'cookies.device has the name of another cookie, also among cookies.previous: give it a name of its own.',
    );
  }
  return {
    refreshCookie,
    accessCookie,
    deviceCookie,
    previousCookies: previous.map(({ name, path = '/', domain: oldDomain }) => {
      refuseBadPath('cookies.previous', path);
      refuseBadDomain('cookies.previous', oldDomain);
      return { name, path, domain: oldDomain, secure: secure || name.startsWith('__'), sameSite };
    }),
    clearSiteData: options.clearSiteData ?? false,
  };
}

function named(names: true | CookieNameOptions): CookieNameOptions {
  return names === true ? {} : names;
}

/** RFC 6265bis §4.1.3: the strongest prefix that the attributes allow. */
function cookiePrefix(secure: boolean, path: string, domain: string | undefined): string {
  if (!secure) return '';
  return path === '/' && domain === undefined ? '__Host-' : '__Secure-';
}

function refuseBadName(where: string, name: string): void {
  if (!/^[\w-]+$/.test(name) || name.startsWith('__')) {
    throw new AuthConfigurationError(
      `${where}.name must be letters, digits, "_" and "-", without the "__Host-" or "__Secure-" prefix, which is added where the attributes allow it (never with a domain or another path than "/").`,
    );
  }
}

function refuseBadDomain(where: string, domain: string | undefined): void {
  if (domain !== undefined && !/^\.?[a-z\d-]+(\.[a-z\d-]+)*$/i.test(domain)) {
    throw new AuthConfigurationError(
      `${where} must be a host name alone, such as "example.com": no scheme, port or path.`,
    );
  }
}

function refuseBadPath(where: string, path: string): void {
  if (!/^\/[!-:<-~]*$/.test(path)) {
    throw new AuthConfigurationError(
      `${where}.path must start with "/" and have no spaces, semicolons or letters beyond ASCII.`,
    );
  }
}
