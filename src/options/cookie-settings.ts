import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { ReadCookieOptions } from './auth-options-schema.js';

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

/** @throws {AuthConfigurationError} for cookies that browsers drop, or that overwrite each other */
export function cookieSettings(options: ReadCookieOptions): CookieJarSettings {
  const { secure, sameSite, domain, refresh, access, device, previous, clearSiteData } = options;
  if (sameSite === 'none' && !secure) {
    throw new AuthConfigurationError(
      'cookies.sameSite "none" needs cookies.secure: browsers drop such a cookie otherwise. Serve over HTTPS, or use "lax".',
    );
  }
  // Where the refresh cookie is kept away from the rest of the app, the device's is too.
  const cookie = ({ name, path = refresh.path }: { name: string; path?: string }) => ({
    name: cookiePrefix(secure, path, domain) + name,
    path,
    domain,
    secure,
    sameSite,
  });
  const settings = {
    refreshCookie: cookie(refresh),
    accessCookie: access === null ? null : cookie(access),
    deviceCookie: device === null ? null : cookie(device),
    previousCookies: previous.map(({ name, path = '/', domain: oldDomain }) => ({
      name,
      path,
      domain: oldDomain,
      // Without Secure no browser would delete a cookie with a prefix.
      secure: secure || name.startsWith('__'),
      sameSite,
    })),
    clearSiteData,
  };
  refuseOneNameForTwo(settings);
  return settings;
}

/** RFC 6265bis §4.1.3: the strongest prefix that the attributes allow. */
function cookiePrefix(secure: boolean, path: string, domain: string | undefined): string {
  if (!secure) return '';
  return path === '/' && domain === undefined ? '__Host-' : '__Secure-';
}

function refuseOneNameForTwo(settings: CookieJarSettings): void {
  const { refreshCookie, accessCookie, deviceCookie, previousCookies } = settings;
  if (accessCookie?.name === refreshCookie.name) {
    throw new AuthConfigurationError('cookies.access and cookies.refresh must have two names.');
  }
  const others = [refreshCookie, ...(accessCookie === null ? [] : [accessCookie])];
  if ([...others, ...previousCookies].some(({ name }) => name === deviceCookie?.name)) {
    throw new AuthConfigurationError(
      'cookies.device has the name of another cookie, also among cookies.previous: give it a name of its own.',
    );
  }
}
