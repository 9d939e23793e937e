import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { Duration } from './duration.js';

/** The bytes of an HMAC secret: UTF-8 text, raw bytes, base64, or a JWK of type `oct`. */
export type SecretMaterial = string | Uint8Array | { base64: string } | { kty: 'oct'; k: string };

/**
 * One HMAC secret: at least 32 bytes from a CSPRNG.
 * Give a `kid` of your own where you want to recognise the key; otherwise it is derived from the secret.
 */
export type SecretInput = SecretMaterial | { kid?: string; secret: SecretMaterial };

export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';
export type AsymmetricAlgorithm = 'RS256' | 'PS256' | 'ES256';

/** A key in PEM, as a JWK, or as Node's own object. */
export type KeyMaterial = string | Uint8Array | KeyObject | JsonWebKey;

/**
 * Signs the bytes of a token with a key that never leaves where it is; resolves to the signature of RFC 7518 (ES256: 64
 * bytes). What doesn't verify by the public key, or takes more than four seconds, is 503 `busy`, and the log says why.
 */
export type RemoteSign = (data: Uint8Array) => Promise<Uint8Array>;

/**
 * A key of access tokens: a secret; a private key; a public key that only verifies; or a public key whose private half
 * is kept elsewhere (a KMS) and signs there. The default kid of an asymmetric key is its RFC 7638 thumbprint.
 */
export type AccessKeyInput =
  | { algorithm: HmacAlgorithm; kid?: string; secret: SecretMaterial }
  | {
      algorithm: AsymmetricAlgorithm;
      kid?: string;
      privateKey: KeyMaterial;
      publicKey?: undefined;
      sign?: undefined;
    }
  | {
      algorithm: AsymmetricAlgorithm;
      kid?: string;
      publicKey: KeyMaterial;
      privateKey?: undefined;
      sign?: RemoteSign;
    };

export interface VerifiedTokenCacheOptions {
  /** Most tokens that are remembered. */
  entries?: number;
  /** Most bytes of them and of what they say. */
  bytes?: number;
}

export interface AccessTokenOptions {
  /** For HS256. The first secret signs, all verify: put a new one in front, drop the old one a token's life later. */
  secret?: SecretInput | readonly SecretInput[];
  /** For any algorithm, in place of `secret`. The first key signs, all verify, and the public ones are in the JWKS. */
  keys?: AccessKeyInput | readonly AccessKeyInput[];
  /** Lifetime. Default `'15m'`. */
  expiresIn?: Duration;
  /**
   * How many verified tokens are remembered, so that a signature is checked once and not with every request; expiry and
   * revocation are checked each time. Default `{ entries: 10_000, bytes: 16_777_216 }`. False: none.
   */
  cache?: VerifiedTokenCacheOptions | false;
}

export interface RefreshTokenOptions {
  /** Never one of the access token's secrets. The first signs, all verify. */
  secret: SecretInput | readonly SecretInput[];
  /** How long a session lives without being refreshed. Default `'7d'`. */
  expiresIn?: Duration;
  /** How long a session lives at most, counted from the login. Default `'30d'`. */
  absoluteExpiresIn?: Duration;
  /**
   * How long a rotated token still gets a response, with the same successor; 0 is strict.
   * Default `'30s'`, less where the access token or half the session's idle life is shorter.
   */
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
  /**
   * The cookie by which a device stays known to an account after logout, so that nobody who guesses at the account can lock
   * it out there: by default `{ name: 'device_token' }` and the refresh cookie's path, kept for a year. False for none.
   * Default true.
   */
  device?: boolean | CookieNameOptions;
  /**
   * Refresh cookies as they were set before names, paths or domains changed, with their full names
   * (`{ name: '__Host-refresh_token' }`): still read, so that nobody is logged out, and deleted with the next rotation.
   */
  previous?: readonly { name: string; path?: string; domain?: string }[];
  /** Sends `Clear-Site-Data: "cache", "storage"` with a logout. Default false. */
  clearSiteData?: boolean;
}

export interface PasswordOptions {
  /** argon2id memory in KiB. Default 19456 (19 MiB), which is also the least; at most 1048576 (1 GiB). */
  memoryCost?: number;
  /** argon2id iterations. Default 2, which is also the least; at most 32. */
  timeCost?: number;
  /** argon2id lanes. Default 1, at most 16. */
  parallelism?: number;
  /** Least length of a new password, in code points. Default 15, at least 8, at most 1024. */
  minLength?: number;
  /** Words that a new password must not be made of, such as the service's name; the user's own are added. */
  contextWords?: readonly string[];
  /** How many hashes are computed at a time. Default 2, at most 3: libuv has four threads for everything. */
  concurrency?: number;
  /** How many may wait for one, in turns by address; past that, whoever has most there gets 503 `busy`. Default 100. */
  longestQueue?: number;
}

/** So many failures within a time, and then as long a pause. */
export interface LimitOptions {
  attempts?: number;
  per?: Duration;
}

export interface LimitsOptions {
  /** Failures at one name, and of one user under all names, from unknown devices. Default `{ attempts: 10, per: '15m' }`. */
  account?: LimitOptions;
  /** Failures from one address (an IPv6 /64), wrong current passwords too. Default `{ attempts: 100, per: '15m' }`. */
  address?: LimitOptions;
  /** Failures on a known device, and wrong current passwords in one session. Default `{ attempts: 10, per: '15m' }`. */
  device?: LimitOptions;
  /** Registrations from one address (an IPv6 /64), successful or not. Default `{ attempts: 100, per: '15m' }`. */
  registration?: LimitOptions;
  /** Refreshes with one token, on one instance, that don't rotate it. Default `{ attempts: 1000, per: '1m' }`. */
  refresh?: LimitOptions;
  /** Where failures are counted: `'memory'` for one instance (the default), `'database'` for several together. */
  store?: 'memory' | 'database';
}

/** Everything that can be set, apart from the collaborators the app brings. */
export interface AuthOptions {
  accessToken: AccessTokenOptions;
  refreshToken: RefreshTokenOptions;
  /** `iss` of every token. Default `'nestjs-refresh-auth'`; give each app that shares a secret its own. */
  issuer?: string;
  /** `aud` of access tokens. Default: the issuer. */
  audience?: string;
  /** `client_id` of access tokens (RFC 9068): which client they were issued to. Default: the issuer. */
  clientId?: string;
  cookies?: CookieOptions;
  /**
   * Origins that may send cookie-authenticated requests from another site: `https://app.example.com`, or an app's or
   * extension's own scheme, `capacitor://localhost`. Each in full; `null` and `file://` never. Default none.
   */
  allowedOrigins?: readonly string[];
  passwords?: PasswordOptions;
  /** Limits of failed logins and of registrations; false only where something in front of the app limits them. */
  limits?: LimitsOptions | false;
  /** Registers the access strategy in Passport under this name (`'jwt'`), for those who use `AuthGuard('jwt')`. */
  passportName?: string;
  revocation?: RevocationOptions;
  purge?: PurgeOptions;
  /** Most live sessions of one user: a login beyond them ends the oldest. Default 100, at most 1000; false: no limit. */
  maxSessionsPerUser?: number | false;
}

export interface RevocationOptions {
  /** How often an instance asks the database for sessions ended elsewhere. Default `'1s'`. */
  pollInterval?: Duration;
  /**
   * What the guard does while that can't be asked: go on (false, the default: an outage is not a logout),
   * or respond 503 `store_unavailable` once no poll has succeeded for three intervals (true).
   */
  failClosed?: boolean;
}

export interface PurgeOptions {
  /** How often an instance deletes sessions that ended, in small slices. Default `'10m'`; false to do it yourself. */
  interval?: Duration | false;
}
