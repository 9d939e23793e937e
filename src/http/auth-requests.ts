import { Inject, Injectable } from '@nestjs/common';
import { deviceCookieValue, refreshCookieValues } from '../access/cookie-values.js';
import type { HttpRequest } from '../access/http-request.js';
import { clientOf, type ClientInfo } from '../events/client-info.js';
import { AUTH_SETTINGS } from '../options/auth-settings.js';
import type { CookieJarSettings } from '../options/cookie-settings.js';

/** Reads what `AuthService` needs from a request, on Express and Fastify alike. */
@Injectable()
export class AuthRequests {
  readonly #settings: CookieJarSettings;

  constructor(@Inject(AUTH_SETTINGS) settings: CookieJarSettings) {
    this.#settings = settings;
  }

  /** The refresh tokens in the cookies of a request, unverified: a login ends their sessions. */
  refreshTokens(request: HttpRequest): string[] {
    return refreshCookieValues(request, this.#settings);
  }

  /** What an earlier login gave the device to keep, unverified; empty if there is nothing. */
  deviceToken(request: HttpRequest): string {
    return deviceCookieValue(request, this.#settings);
  }

  /** Where a request came from. Behind a proxy the address is right only if the app trusts the proxy. */
  clientOf(request: HttpRequest): ClientInfo {
    return clientOf(request);
  }
}
