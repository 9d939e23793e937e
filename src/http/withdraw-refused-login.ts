import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost } from '@nestjs/core';
import { catchError, type Observable } from 'rxjs';
import { AuthService } from '../auth.service.js';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';
import { AuthController } from './auth.controller.js';
import { edgeOf } from './edges.js';

/**
 * A class may refuse a login after `super.login()` has started the session and set its cookies, as for a second factor.
 * They must not be sent with the refusal, and the session is ended.
 *
 * Not for a refresh: its session is one that goes on, and without the cookie that it rotated to it would be lost.
 */
@Injectable()
class WithdrawRefusedLogin implements NestInterceptor {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    @Inject(AuthService) private readonly auth: AuthService,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(
        catchError((error: unknown) => this.#withdraw(context.switchToHttp().getResponse(), error)),
      );
  }

  async #withdraw(response: object, error: unknown): Promise<never> {
    try {
      for (const token of this.#takeCookies(response)) await this.auth.logout(token);
    } catch {
      // The session is left in the store until it expires: nobody has its token.
    }
    throw error;
  }

  /** Takes the credentials out of the response, and returns the refresh tokens among them. */
  #takeCookies(response: object): string[] {
    const { httpAdapter } = this.adapterHost;
    const { refreshCookie, accessCookie, deviceCookie } = this.settings;
    const names = [refreshCookie, accessCookie, deviceCookie].flatMap((each) => each?.name ?? []);
    const lines = [httpAdapter.getHeader!(response, 'Set-Cookie') ?? []].flat().map(String);
    const kept = lines.filter((line) => names.every((name) => valueOf(line, name) === ''));
    if (kept.length === lines.length) return [];
    // False also for a class that sends its responses by itself.
    if (!edgeOf(httpAdapter)?.removeHeader(response, 'Set-Cookie')) return [];
    for (const line of kept) httpAdapter.appendHeader!(response, 'Set-Cookie', line);
    return lines.map((line) => valueOf(line, refreshCookie.name)).filter((value) => value !== '');
  }
}

/** Empty for another cookie, and for one that is deleted. */
function valueOf(line: string, name: string): string {
  const [cookie] = line.split(';', 1);
  return cookie!.startsWith(`${name}=`) ? cookie!.slice(name.length + 1) : '';
}

/** Only where a class overrides what starts a session: an interceptor takes time, and ours refuse before they do. */
export function withdrawRefusedLogins(Given: Type<AuthController>): void {
  for (const name of ['login', 'register'] as const) {
    const method: object = Given.prototype[name];
    if (method === AuthController.prototype[name]) continue;
    const given = (Reflect.getOwnMetadata(INTERCEPTORS_METADATA, method) ?? []) as unknown[];
    if (given.includes(WithdrawRefusedLogin)) continue;
    Reflect.defineMetadata(INTERCEPTORS_METADATA, [WithdrawRefusedLogin, ...given], method);
  }
}
