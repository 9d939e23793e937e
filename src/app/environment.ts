import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isDevelopment } from 'nestjs-refresh-auth';
import { databaseFile } from './database.js';

/** The reference app's settings from its environment. */
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

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws {Error} with a sentence, for a value that can't be used */
export function readEnvironment(variables: Variables): Environment {
  const databaseUrl = variables.DATABASE_URL || 'sqlite:data/auth.sqlite';
  const host = variables.HOST || '127.0.0.1';
  const isProduction = !isDevelopment(variables.NODE_ENV, host);
  return {
    port: port(variables.PORT || '3000'),
    host,
    isProduction,
    databaseUrl,
    ...secrets(
      variables,
      isProduction ? whyProduction(variables.NODE_ENV, host) : null,
      databaseUrl,
    ),
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

/** The end of a sentence, for readers who did not expect production mode. */
function whyProduction(nodeEnv: string | undefined, host: string): string {
  if (nodeEnv === 'production') return 'in production';
  const found =
    nodeEnv === undefined
      ? `NODE_ENV is not set and others can reach HOST ${host}`
      : `NODE_ENV is ${JSON.stringify(nodeEnv)}`;
  return `in production, which this is taken for because ${found} (NODE_ENV=development says otherwise)`;
}

function secrets(variables: Variables, production: string | null, databaseUrl: string) {
  const { ACCESS_TOKEN_SECRET, REFRESH_TOKEN_SECRET } = variables;
  if (ACCESS_TOKEN_SECRET && REFRESH_TOKEN_SECRET) {
    return { accessTokenSecret: ACCESS_TOKEN_SECRET, refreshTokenSecret: REFRESH_TOKEN_SECRET };
  }
  if (production !== null) {
    throw new Error(
      `ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET must be set, each to 32 or more random bytes of its own (openssl rand -base64 48), ${production}.`,
    );
  }
  const generated = generatedSecrets(databaseUrl);
  return {
    accessTokenSecret: ACCESS_TOKEN_SECRET || generated.access,
    refreshTokenSecret: REFRESH_TOKEN_SECRET || generated.refresh,
  };
}

/** Generated once and stored beside the database file, so that a restart logs nobody out. */
function generatedSecrets(databaseUrl: string): { access: string; refresh: string } {
  const folder = dirname(databaseFile(databaseUrl) ?? 'data/auth.sqlite');
  const file = join(folder, 'development-secrets.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = JSON.stringify({
    access: randomBytes(48).toString('base64url'),
    refresh: randomBytes(48).toString('base64url'),
  });
  try {
    writeFileSync(file, made, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readSecrets(file);
}

function readSecrets(file: string): { access: string; refresh: string } {
  try {
    const { access, refresh } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof access === 'string' && typeof refresh === 'string') return { access, refresh };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new Error(
    `${file} does not hold the two secrets that were generated: delete it, and new ones are made.`,
  );
}
