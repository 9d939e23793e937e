import type { Duration } from './duration.js';

/**
 * One HMAC secret: at least 32 bytes from a CSPRNG, as UTF-8 text or raw bytes.
 * Give a `kid` of your own where you want to recognise the key; otherwise it is derived from the secret.
 */
export type SecretInput = string | Uint8Array | { kid: string; secret: string | Uint8Array };

export interface AccessTokenOptions {
  /** The first secret signs, all verify: put a new one in front, drop the old one a token's life later. */
  secret: SecretInput | readonly SecretInput[];
  /** Lifetime. Default `'15m'`. */
  expiresIn?: Duration;
}

export interface RefreshTokenOptions {
  /** Never one of the access token's secrets. The first signs, all verify. */
  secret: SecretInput | readonly SecretInput[];
  /** How long a session lives without being refreshed. Default `'7d'`. */
  expiresIn?: Duration;
  /** How long a session lives at most, counted from the login. Default `'30d'`. */
  absoluteExpiresIn?: Duration;
  /** How long a rotated token is still answered, with the same successor. Default `'30s'`; 0 is strict. */
  leeway?: Duration;
}

export interface CookieNameOptions {
  /** Name without the `__Host-`/`__Secure-` prefix, which is chosen from the attributes. */
  name?: string;
  /** Default `/`. Any other path turns `__Host-` into `__Secure-`. */
  path?: string;
}

export interface CookieOptions {
  /** Default true. False only for plain HTTP in development: drops `Secure` and the name's prefix. */
  secure?: boolean;
  /** Default `'strict'`. */
  sameSite?: 'strict' | 'lax' | 'none';
  /** Default none, so that the cookie belongs to one host. A domain turns `__Host-` into `__Secure-`. */
  domain?: string;
  /** The refresh token's cookie: by default `{ name: 'refresh_token', path: '/' }`. */
  refresh?: CookieNameOptions;
  /** True, or a name and path, to carry the access token in an HttpOnly cookie too (`access_token`). Default false. */
  access?: boolean | CookieNameOptions;
}

export interface PasswordOptions {
  /** argon2id memory in KiB. Default 19456 (19 MiB), which is also the least. */
  memoryCost?: number;
  /** argon2id iterations. Default 2, which is also the least. */
  timeCost?: number;
  /** argon2id lanes. Default 1. */
  parallelism?: number;
  /** Least length of a new password, in code points. Default 15, at least 8. */
  minLength?: number;
}

/** Everything that can be set, apart from the collaborators the app brings. */
export interface AuthOptions {
  accessToken: AccessTokenOptions;
  refreshToken: RefreshTokenOptions;
  /** `iss` of every token. Default `'nestjs-refresh-auth'`; give each app that shares a secret its own. */
  issuer?: string;
  /** `aud` of access tokens. Default: the issuer. */
  audience?: string;
  cookies?: CookieOptions;
  /** Origins (`https://app.example.com`) that may send cookie-authenticated requests from another site. Default none. */
  allowedOrigins?: readonly string[];
  passwords?: PasswordOptions;
  /** Registers the access strategy in Passport under this name (`'jwt'`), for those who use `AuthGuard('jwt')`. */
  passportName?: string;
  revocation?: RevocationOptions;
  purge?: PurgeOptions;
  /** Most live sessions of one user: a login beyond them ends the oldest. Default: no limit. */
  maxSessionsPerUser?: number;
}

export interface RevocationOptions {
  /** How often an instance asks the database for sessions ended elsewhere. Default `'1s'`. */
  pollInterval?: Duration;
  /**
   * What the guard does while that can't be asked: go on (false, the default: an outage is not a logout),
   * or answer 503 `store_unavailable` after three polls (true).
   */
  failClosed?: boolean;
}

export interface PurgeOptions {
  /** How often an instance deletes sessions that ended, in small slices. Default `'10m'`; false to do it yourself. */
  interval?: Duration | false;
}
