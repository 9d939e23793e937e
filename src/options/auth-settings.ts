import { AuthConfigurationError } from '../errors/configuration-error.js';
import type {
  AccessKeyInput,
  AccessTokenOptions,
  AuthOptions,
  SecretInput,
  SecretMaterial,
  VerifiedTokenCacheOptions,
} from './auth-options.js';
import { atLeast, atMost, duration, interval, lifetime, text } from './checked-values.js';
import { cookieSettings, type CookieJarSettings } from './cookie-settings.js';
import type { Duration } from './duration.js';
import { limitSettings, type LoginLimitSettings } from './limit-settings.js';
import { originOf } from './origin.js';
import { passwordSettings, type PasswordPolicySettings } from './password-settings.js';

/** {@link AuthOptions} with every default filled in and every duration in milliseconds. */
export interface AuthSettings extends CookieJarSettings {
  issuer: string;
  accessAudience: string;
  clientId: string;
  refreshAudience: string;
  accessKeys: readonly AccessKeyInput[];
  refreshSecrets: readonly SecretInput[];
  accessLifetimeMs: number;
  /** Null: every signature is checked every time. */
  verifiedTokens: { entries: number; bytes: number } | null;
  idleLifetimeMs: number;
  absoluteLifetimeMs: number;
  leewayMs: number;
  allowedOrigins: ReadonlySet<string>;
  passwords: PasswordPolicySettings;
  /** Null: no limits. */
  limits: LoginLimitSettings | null;
  passportName: string | null;
  revocationPollMs: number;
  failClosed: boolean;
  /** Null: the app purges by itself. */
  purgeIntervalMs: number | null;
  /** Null: no limit. */
  maxSessionsPerUser: number | null;
}

export const AUTH_SETTINGS = Symbol('nestjs-refresh-auth settings');

const DEFAULT_LEEWAY_MS = 30_000;
/** Room for them is taken at once. */
const MOST_VERIFIED_TOKENS = 1_000_000;
/** Sessions that a list has at most: a user who may have more could not see them all. */
export const MOST_LISTED = 1000;
const DAY = 24 * 60 * 60_000;
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
  const { accessToken, refreshToken, revocation = {} } = options;
  const issuer = text('issuer', options.issuer ?? 'nestjs-refresh-auth');
  const audience = text('audience', options.audience ?? issuer);
  const accessLifetimeMs = lifetime('accessToken.expiresIn', accessToken.expiresIn ?? '15m');
  const idleLifetimeMs = lifetime('refreshToken.expiresIn', refreshToken.expiresIn ?? '7d');

  const settings: AuthSettings = {
    issuer,
    accessAudience: audience,
    clientId: text('clientId', options.clientId ?? issuer),
    refreshAudience: `${audience}/refresh`,
    accessKeys: accessKeys(accessToken),
    refreshSecrets: several('refreshToken.secret', refreshToken.secret),
    accessLifetimeMs,
    verifiedTokens: verifiedTokens(accessToken.cache),
    idleLifetimeMs,
    absoluteLifetimeMs: lifetime(
      'refreshToken.absoluteExpiresIn',
      refreshToken.absoluteExpiresIn ?? '30d',
    ),
    leewayMs:
      refreshToken.leeway === undefined
        ? Math.min(DEFAULT_LEEWAY_MS, accessLifetimeMs, idleLifetimeMs / 2)
        : duration('refreshToken.leeway', refreshToken.leeway),
    ...cookieSettings(options.cookies),
    allowedOrigins: new Set((options.allowedOrigins ?? []).map(allowedOrigin)),
    passwords: passwordSettings(options.passwords),
    limits: limitSettings(options.limits),
    passportName:
      options.passportName === undefined ? null : text('passportName', options.passportName),
    revocationPollMs: interval('revocation.pollInterval', revocation.pollInterval ?? '1s'),
    failClosed: revocation.failClosed ?? false,
    purgeIntervalMs: purgeInterval(options.purge?.interval ?? '10m'),
    maxSessionsPerUser: maxSessionsPerUser(options.maxSessionsPerUser),
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
  refuseLongLeeway(settings);
}

function refuseLongLeeway({ leewayMs, accessLifetimeMs, idleLifetimeMs }: AuthSettings): void {
  if (leewayMs > accessLifetimeMs) {
    throw new AuthConfigurationError(
      'refreshToken.leeway is longer than accessToken.expiresIn, so that a stolen token would pass for a late request longer than an access token lives: lower the first or raise the second.',
    );
  }
  if (leewayMs > idleLifetimeMs / 2) {
    throw new AuthConfigurationError(
      'refreshToken.leeway is more than half of refreshToken.expiresIn, so that a session in use could expire before it may rotate: lower the first or raise the second.',
    );
  }
}

function allowedOrigin(origin: string): string {
  const normalized = originOf(origin);
  if (normalized === null) {
    throw new AuthConfigurationError(
      `allowedOrigins has ${JSON.stringify(origin)}, which is not an origin: write scheme, host and port only, such as "https://app.example.com" or "capacitor://localhost", without a slash at the end.`,
    );
  }
  return normalized;
}

function accessKeys({ secret, keys }: AccessTokenOptions): readonly AccessKeyInput[] {
  if (keys !== undefined && secret !== undefined) {
    throw new AuthConfigurationError(
      'accessToken has both secret and keys: give one of them; a secret can be among the keys.',
    );
  }
  if (keys !== undefined) return several('accessToken.keys', keys);
  return several('accessToken.secret', secret).map((input) => ({
    algorithm: 'HS256',
    ...(typeof input === 'object' && 'secret' in input
      ? input
      : { secret: input satisfies SecretMaterial }),
  }));
}

function verifiedTokens(options: VerifiedTokenCacheOptions | false = {}) {
  if (options === false) return null;
  if (typeof options !== 'object' || options === null) {
    throw new AuthConfigurationError('accessToken.cache must be false or { entries, bytes }.');
  }
  const { entries = 10_000, bytes = 16 * 1024 * 1024 } = options;
  return {
    entries: atMost(
      'accessToken.cache.entries',
      atLeast('accessToken.cache.entries', entries, 1),
      MOST_VERIFIED_TOKENS,
    ),
    bytes: atLeast('accessToken.cache.bytes', bytes, 1),
  };
}

function several<T>(where: string, given: T | readonly T[] | undefined): readonly T[] {
  const list: readonly (T | undefined)[] = Array.isArray(given) ? (given as T[]) : [given as T];
  if (list.length === 0 || list.some((item) => item === undefined || item === null)) {
    throw new AuthConfigurationError(
      `${where} is missing: give at least 32 random bytes, for example from "openssl rand -base64 48".`,
    );
  }
  return list as readonly T[];
}

function maxSessionsPerUser(value: number | false = 100): number | null {
  if (value === false) return null;
  return atMost('maxSessionsPerUser', atLeast('maxSessionsPerUser', value, 1), MOST_LISTED);
}

function purgeInterval(value: Duration | false): number | null {
  return value === false ? null : interval('purge.interval', value);
}

function requireObject(value: unknown, where: string): void {
  if (typeof value !== 'object' || value === null) {
    throw new AuthConfigurationError(
      `${where} must be an object: pass { users, accessToken: { secret }, refreshToken: { secret } }.`,
    );
  }
}
