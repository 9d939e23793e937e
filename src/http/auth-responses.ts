import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { stringifySetCookie } from 'cookie';
import { setErrorHeaders } from '../access/error-headers.js';
import { AuthError } from '../errors/auth-error.js';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';
import type { CookieSettings } from '../options/cookie-settings.js';
import type { Clock } from '../runtime/clock.js';
import { MODULE_CLOCK } from '../runtime/module-clock.js';
import type { IssuedTokens, RefreshTokenToKeep } from '../sessions/issued-tokens.js';
import { cookieMaxAge } from '../sessions/lifetimes.js';
import { LargeHeadersWarning } from './large-headers-warning.js';

/** The body of a response that carries an access token (RFC 6749 §5.1, in camel case). */
export interface TokenBody {
  accessToken: string;
  tokenType: 'Bearer';
  /** Seconds. */
  expiresIn: number;
}

/**
 * Sets cookies and headers, on Express and Fastify alike; nothing else does. Inject it into a controller of your own whose
 * routes log in, refresh or log out: `@Res({ passthrough: true })` gives the response.
 */
@Injectable()
export class AuthResponses {
  readonly #headers = new LargeHeadersWarning();
  readonly #adapterHost: HttpAdapterHost;
  readonly #settings: AuthSettings;
  readonly #clock: Clock;

  constructor(
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(AUTH_SETTINGS) settings: AuthSettings,
    @Inject(MODULE_CLOCK) clock: Clock,
  ) {
    this.#adapterHost = adapterHost;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Sets the cookies of the tokens, and `Cache-Control: no-store` (RFC 6749 §5.1); returns the body. */
  sendTokens(issued: IssuedTokens, response: unknown): TokenBody {
    const { accessToken, expiresIn, refreshToken, device } = issued;
    const { accessCookie, deviceCookie } = this.#settings;
    if (refreshToken === null) this.forbidCaching(response);
    else this.setRefreshCookie(refreshToken, response);
    if (accessCookie !== null) this.#set(response, accessCookie, accessToken, expiresIn);
    if (deviceCookie !== null && device) {
      const maxAge = cookieMaxAge(device.expiresAt, this.#clock.now());
      this.#set(response, deviceCookie, device.token, maxAge);
    }
    return { accessToken, tokenType: 'Bearer', expiresIn };
  }

  /** Sets the refresh cookie alone, as after a change of the password. */
  setRefreshCookie({ token, expiresAt }: RefreshTokenToKeep, response: unknown): void {
    this.forbidCaching(response);
    const { refreshCookie, previousCookies } = this.#settings;
    this.#delete(response, previousCookies);
    this.#set(response, refreshCookie, token, cookieMaxAge(expiresAt, this.#clock.now()));
  }

  /** Sets `Cache-Control: no-store`. The other methods do it themselves. */
  forbidCaching(response: unknown): void {
    this.#adapterHost.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
  }

  /**
   * Runs the work of a route. For an `AuthError` it sets `Auth-Error-Code`, `Retry-After` and `WWW-Authenticate`, and clears the cookies if the
   * session has ended; then it throws the error again, for the app's exception filters. It is no interceptor, because Nest
   * runs those through observables, which take longer than the UPDATE of a refresh.
   */
  async withErrorHeaders<T>(response: unknown, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AuthError) this.prepareError(error, response);
      throw error;
    }
  }

  /** Deletes the cookies of the session, with the attributes that they were set with. The device cookie stays. */
  clearCookies(response: unknown): void {
    this.forbidCaching(response);
    const { refreshCookie, accessCookie, previousCookies } = this.#settings;
    const ours = accessCookie === null ? [refreshCookie] : [refreshCookie, accessCookie];
    this.#delete(response, [...ours, ...previousCookies]);
  }

  /** After a logout: deletes the cookies and, if that is configured, what the browser stored for the site. */
  clearAfterLogout(response: unknown): void {
    this.clearCookies(response);
    if (this.#settings.clearSiteData) {
      const { httpAdapter } = this.#adapterHost;
      httpAdapter.setHeader(response, 'Clear-Site-Data', '"cache", "storage"');
    }
  }

  /** Sets the headers of an error. Deletes the cookies only if the session is known to have ended. */
  prepareError(error: AuthError, response: unknown): void {
    setErrorHeaders(error, response, this.#adapterHost.httpAdapter);
    if (error.sessionEnded) this.clearCookies(response);
  }

  #delete(response: unknown, cookies: readonly CookieSettings[]): void {
    for (const cookie of cookies) this.#append(response, cookie, '', DELETED);
  }

  #set(response: unknown, cookie: CookieSettings, value: string, maxAge: number): void {
    this.#append(response, cookie, value, { maxAge });
  }

  /** Nest 12 could set cookies, 10 and 11 can't. */
  #append(response: unknown, cookie: CookieSettings, value: string, lifetime: Lifetime): void {
    this.#headers.count(response, cookie.name, value);
    const { name, path, domain, secure, sameSite } = cookie;
    const attributes = { path, httpOnly: true, secure, sameSite, ...lifetime };
    const header = stringifySetCookie({
      name,
      value,
      ...attributes,
      ...(domain !== undefined && { domain }),
    });
    this.#adapterHost.httpAdapter.appendHeader(response, 'Set-Cookie', header);
  }
}

/** `maxAge` in seconds. */
interface Lifetime {
  maxAge: number;
  expires?: Date;
}

/** RFC 6265bis §5.7: an age of zero; and a time that is past, for old browsers. */
const DELETED: Lifetime = { maxAge: 0, expires: new Date(0) };
