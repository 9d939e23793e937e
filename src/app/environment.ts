import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { databaseFile } from './database.js';

/** What the reference app reads from its environment. */
export interface Environment {
  port: number;
  host: string;
  isProduction: boolean;
  databaseUrl: string;
  accessTokenSecret: string;
  accessTokenExpiry: string;
  refreshTokenSecret: string;
  refreshTokenExpiry: string;
  refreshTokenAbsoluteExpiry: string;
  /** Undefined: the module's default. */
  refreshTokenLeeway: string | undefined;
  hasLoginLimits: boolean;
  corsOrigins: string[];
}

export const ENVIRONMENT = Symbol('environment');

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws {Error} with a sentence, for a value that can't be used */
export function readEnvironment(variables: Variables): Environment {
  const databaseUrl = variables.DATABASE_URL || 'sqlite:data/auth.sqlite';
  const isProduction = variables.NODE_ENV === 'production';
  return {
    port: port(variables.PORT || '3000'),
    host: variables.HOST || '127.0.0.1',
    isProduction,
    databaseUrl,
    ...secrets(variables, isProduction, databaseUrl),
    accessTokenExpiry: variables.ACCESS_TOKEN_EXPIRY || '15m',
    refreshTokenExpiry: variables.REFRESH_TOKEN_EXPIRY || '7d',
    refreshTokenAbsoluteExpiry: variables.REFRESH_TOKEN_ABSOLUTE_EXPIRY || '30d',
    refreshTokenLeeway: variables.REFRESH_TOKEN_LEEWAY || undefined,
    hasLoginLimits: loginLimits(variables.LOGIN_LIMITS || 'on'),
    corsOrigins: (variables.CORS_ORIGIN || '').split(/[\s,]+/).filter((origin) => origin !== ''),
  };
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new Error(`PORT is ${JSON.stringify(text)}: give a number from 0 to 65535.`);
  }
  return number;
}

function loginLimits(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new Error(`LOGIN_LIMITS is ${JSON.stringify(text)}: say "on" or "off".`);
}

function secrets(variables: Variables, isProduction: boolean, databaseUrl: string) {
  const { ACCESS_TOKEN_SECRET, REFRESH_TOKEN_SECRET } = variables;
  if (ACCESS_TOKEN_SECRET && REFRESH_TOKEN_SECRET) {
    return { accessTokenSecret: ACCESS_TOKEN_SECRET, refreshTokenSecret: REFRESH_TOKEN_SECRET };
  }
  if (isProduction) {
    throw new Error(
      'ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET must be set in production, each to 32 or more random bytes of its own: openssl rand -base64 48',
    );
  }
  const generated = generatedSecrets(databaseUrl);
  return {
    accessTokenSecret: ACCESS_TOKEN_SECRET || generated.access,
    refreshTokenSecret: REFRESH_TOKEN_SECRET || generated.refresh,
  };
}

/** Made once and kept beside the database file, so that a restart logs nobody out. */
function generatedSecrets(databaseUrl: string): { access: string; refresh: string } {
  const folder = dirname(databaseFile(databaseUrl) ?? 'data/auth.sqlite');
  const file = join(folder, 'development-secrets.json');
  mkdirSync(folder, { recursive: true });
  const made = JSON.stringify({
    access: randomBytes(48).toString('base64url'),
    refresh: randomBytes(48).toString('base64url'),
  });
  try {
    writeFileSync(file, made, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return JSON.parse(readFileSync(file, 'utf8')) as { access: string; refresh: string };
}
