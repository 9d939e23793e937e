import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { AuthOptions, CookieNameOptions, SecretInput } from './auth-options.js';
import { durationToMs, type Duration } from './duration.js';
import { originOf } from './origin.js';

/** One cookie, ready to be written: the prefix is part of the name. */
export interface CookieSettings {
  name: string;
  path: string;
  domain: string | undefined;
  secure: boolean;
  sameSite: 'strict' | 'lax' | 'none';
}

type Secrets = readonly [SecretInput, ...SecretInput[]];

/** {@link AuthOptions} with every default filled in and every duration in milliseconds. */
export interface AuthSettings {
  issuer: string;
  accessAudience: string;
  refreshAudience: string;
  accessSecrets: Secrets;
  refreshSecrets: Secrets;
  accessLifetimeMs: number;
  idleLifetimeMs: number;
  absoluteLifetimeMs: number;
  leewayMs: number;
  refreshCookie: CookieSettings;
  accessCookie: CookieSettings | null;
  allowedOrigins: ReadonlySet<string>;
  passwords: { memoryCost: number; timeCost: number; parallelism: number; minLength: number };
  passportName: string | null;
  revocationPollMs: number;
  failClosed: boolean;
  /** Null: the app purges by itself. */
  purgeIntervalMs: number | null;
  /** Null: no limit. */
  maxSessionsPerUser: number | null;
}

export const AUTH_SETTINGS = Symbol('nestjs-refresh-auth settings');

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
/** RFC 6265bis §5.5: browsers cap a cookie's life at 400 days. */
const LONGEST_COOKIE_MS = 400 * DAY;

/**
 * Fills in the defaults and refuses what contradicts itself.
 * @throws {AuthConfigurationError} with a sentence that says what to change.
 */
export function resolveAuthOptions(options: AuthOptions): AuthSettings {
  requireObject(options, 'the options');
  requireObject(options.accessToken, 'accessToken');
  requireObject(options.refreshToken, 'refreshToken');
  const { accessToken, refreshToken, passwords = {} } = options;
  const issuer = text('issuer', options.issuer ?? 'nestjs-refresh-auth');
  const audience = text('audience', options.audience ?? issuer);

  const settings: AuthSettings = {
    issuer,
    accessAudience: audience,
    refreshAudience: `${audience}/refresh`,
    accessSecrets: secrets('accessToken.secret', accessToken.secret),
    refreshSecrets: secrets('refreshToken.secret', refreshToken.secret),
    accessLifetimeMs: lifetime('accessToken.expiresIn', accessToken.expiresIn ?? '15m'),
    idleLifetimeMs: lifetime('refreshToken.expiresIn', refreshToken.expiresIn ?? '7d'),
    absoluteLifetimeMs: lifetime(
      'refreshToken.absoluteExpiresIn',
      refreshToken.absoluteExpiresIn ?? '30d',
    ),
    leewayMs: duration('refreshToken.leeway', refreshToken.leeway ?? '30s'),
    ...cookies(options.cookies),
    allowedOrigins: new Set((options.allowedOrigins ?? []).map(allowedOrigin)),
    passwords: {
      memoryCost: atLeast('passwords.memoryCost', passwords.memoryCost ?? 19456, 19456),
      timeCost: atLeast('passwords.timeCost', passwords.timeCost ?? 2, 2),
      parallelism: atLeast('passwords.parallelism', passwords.parallelism ?? 1, 1),
      minLength: atLeast('passwords.minLength', passwords.minLength ?? 15, 8),
    },
    passportName:
      options.passportName === undefined ? null : text('passportName', options.passportName),
    revocationPollMs: lifetime('revocation.pollInterval', options.revocation?.pollInterval ?? '1s'),
    failClosed: options.revocation?.failClosed ?? false,
    purgeIntervalMs: purgeInterval(options.purge?.interval ?? '10m'),
    maxSessionsPerUser:
      options.maxSessionsPerUser === undefined
        ? null
        : atLeast('maxSessionsPerUser', options.maxSessionsPerUser, 1),
  };
  refuseContradictions(settings);
  return settings;
}

function refuseContradictions(settings: AuthSettings): void {
  if (settings.absoluteLifetimeMs < settings.idleLifetimeMs) {
    throw new AuthConfigurationError(
      'refreshToken.absoluteExpiresIn is shorter than refreshToken.expiresIn, which could then never be reached: raise the first or lower the second.',
    );
  }
  if (settings.absoluteLifetimeMs > LONGEST_COOKIE_MS) {
    throw new AuthConfigurationError(
      'refreshToken.absoluteExpiresIn is longer than 400 days, which is the longest a browser keeps a cookie: lower it.',
    );
  }
  const { sameSite, secure } = settings.refreshCookie;
  if (sameSite === 'none' && !secure) {
    throw new AuthConfigurationError(
      'cookies.sameSite "none" needs cookies.secure: browsers drop such a cookie otherwise. Serve over HTTPS, or use "lax".',
    );
  }
}

function cookies(options: AuthOptions['cookies'] = {}): {
  refreshCookie: CookieSettings;
  accessCookie: CookieSettings | null;
} {
  const { secure = true, sameSite = 'strict', domain, refresh = {}, access = false } = options;
  if (!['strict', 'lax', 'none'].includes(sameSite)) {
    throw new AuthConfigurationError('cookies.sameSite must be "strict", "lax" or "none".');
  }
  const cookie = (where: string, names: CookieNameOptions, defaultName: string): CookieSettings => {
    const { name = defaultName, path = '/' } = names;
    if (!/^[\w-]+$/.test(name) || name.startsWith('__')) {
      throw new AuthConfigurationError(
        `${where}.name must be letters, digits, "_" and "-", without the "__Host-" or "__Secure-" prefix, which is added where the attributes allow it.`,
      );
    }
    if (!path.startsWith('/')) {
      throw new AuthConfigurationError(`${where}.path must start with "/".`);
    }
    return { name: cookiePrefix(secure, path, domain) + name, path, domain, secure, sameSite };
  };
  return {
    refreshCookie: cookie('cookies.refresh', refresh, 'refresh_token'),
    accessCookie:
      access === false
        ? null
        : cookie('cookies.access', access === true ? {} : access, 'access_token'),
  };
}

/** RFC 6265bis §4.1.3: the strongest prefix that the attributes allow. */
function cookiePrefix(secure: boolean, path: string, domain: string | undefined): string {
  if (!secure) return '';
  return path === '/' && domain === undefined ? '__Host-' : '__Secure-';
}

function allowedOrigin(origin: string): string {
  const normalized = originOf(origin);
  if (normalized === null) {
    throw new AuthConfigurationError(
      `allowedOrigins has ${JSON.stringify(origin)}, which is not an origin: write scheme, host and port only, such as "https://app.example.com".`,
    );
  }
  return normalized;
}

function secrets(where: string, given: SecretInput | readonly SecretInput[]): Secrets {
  const list = Array.isArray(given) ? (given as readonly SecretInput[]) : [given as SecretInput];
  if (list.length === 0 || list.some((secret) => secret === undefined || secret === null)) {
    throw new AuthConfigurationError(
      `${where} is missing: give at least 32 random bytes, for example from "openssl rand -base64 48".`,
    );
  }
  return list as unknown as Secrets;
}

function duration(where: string, value: Duration): number {
  try {
    return durationToMs(value);
  } catch (error) {
    throw new AuthConfigurationError(`${where}: ${(error as Error).message}.`);
  }
}

function purgeInterval(value: Duration | false): number | null {
  return value === false ? null : lifetime('purge.interval', value);
}

function lifetime(where: string, value: Duration): number {
  const milliseconds = duration(where, value);
  if (milliseconds < SECOND) {
    throw new AuthConfigurationError(`${where} must be at least one second.`);
  }
  return milliseconds;
}

function atLeast(where: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new AuthConfigurationError(`${where} must be a whole number, at least ${least}.`);
  }
  return value;
}

function text(where: string, value: string): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new AuthConfigurationError(`${where} must be a text that is not empty.`);
  }
  return value;
}

function requireObject(value: unknown, where: string): void {
  if (typeof value !== 'object' || value === null) {
    throw new AuthConfigurationError(
      `${where} must be an object: pass { users, accessToken: { secret }, refreshToken: { secret } }.`,
    );
  }
}
