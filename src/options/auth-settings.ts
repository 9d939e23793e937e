import { AuthConfigurationError } from '../errors/configuration-error.js';
import type {
  AccessKeyInput,
  AuthOptions,
  PasswordOptions,
  SecretInput,
  SecretMaterial,
} from './auth-options.js';
import { authOptions, type ReadAuthOptions } from './auth-options-schema.js';
import { cookieSettings, type CookieJarSettings } from './cookie-settings.js';
import { limitSettings, type LimitsSettings } from './limit-settings.js';
import { MISSING } from './key-options.js';
import { read } from './read.js';

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
  passwords: PasswordSettings;
  /** Null: no limits. */
  limits: LimitsSettings | null;
  passportName: string | null;
  revocationPollMs: number;
  failClosed: boolean;
  /** Null: the app purges by itself. */
  purgeIntervalMs: number | null;
  /** Null: no limit. */
  maxSessionsPerUser: number | null;
}

/** `PasswordOptions` with their defaults. */
export type PasswordSettings = Required<PasswordOptions>;

export const AUTH_SETTINGS = 'nestjs-refresh-auth:AUTH_SETTINGS';

const DEFAULT_LEEWAY_MS = 30_000;
const DAY = 24 * 60 * 60_000;
/** RFC 6265bis §5.5: browsers cap a cookie's life at 400 days. */
const LONGEST_COOKIE_MS = 400 * DAY;

/**
 * Fills in the defaults and refuses what is unknown, of the wrong kind, or contradicts itself.
 * @throws {AuthConfigurationError} with a sentence that says what to change.
 */
export function resolveAuthOptions(options: AuthOptions): AuthSettings {
  return settingsOf(read(authOptions, options));
}

/**
 * The settings that checked options stand for.
 * @throws {AuthConfigurationError} for options that contradict each other
 */
export function settingsOf(options: ReadAuthOptions): AuthSettings {
  const { accessToken, refreshToken, issuer, audience = issuer, revocation, purge } = options;
  const settings: AuthSettings = {
    issuer,
    accessAudience: audience,
    clientId: options.clientId ?? issuer,
    refreshAudience: `${audience}/refresh`,
    accessKeys: accessKeys(accessToken),
    refreshSecrets: refreshToken.secret,
    accessLifetimeMs: accessToken.expiresIn,
    verifiedTokens: accessToken.cache,
    idleLifetimeMs: refreshToken.expiresIn,
    absoluteLifetimeMs: refreshToken.absoluteExpiresIn,
    leewayMs:
      refreshToken.leeway ??
      Math.min(DEFAULT_LEEWAY_MS, accessToken.expiresIn, refreshToken.expiresIn / 2),
    ...cookieSettings(options.cookies),
    allowedOrigins: new Set(options.allowedOrigins),
    passwords: options.passwords,
    limits: limitSettings(options.limits),
    passportName: options.passportName ?? null,
    revocationPollMs: revocation.pollInterval,
    failClosed: revocation.failClosed,
    purgeIntervalMs: purge.interval,
    maxSessionsPerUser: options.maxSessionsPerUser,
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

function accessKeys({ secret, keys }: ReadAuthOptions['accessToken']): readonly AccessKeyInput[] {
  if (keys !== undefined && secret !== undefined) {
    throw new AuthConfigurationError(
      'accessToken has both secret and keys: give one of them; a secret can be among the keys.',
    );
  }
  if (keys !== undefined) return keys;
  if (secret === undefined) {
    throw new AuthConfigurationError(`accessToken.secret ${MISSING}`);
  }
  return secret.map((input) => ({
    algorithm: 'HS256',
    ...(typeof input === 'object' && 'secret' in input
      ? input
      : { secret: input satisfies SecretMaterial }),
  }));
}
