import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthError } from '../errors/auth-error.js';
import { Refusals } from '../events/refusals.js';
import { refreshInvalid, type PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import { authenticate } from './run-strategy.js';
import { writeErrorHeaders } from './error-headers.js';
import type { HttpRequest } from './http-request.js';
import { RefreshTokenStrategy } from './refresh-token.strategy.js';
import { refusedCall } from './refused-call.js';
import { moduleMissing } from './module-missing.js';
import { requestOf } from './request-of.js';
import { SessionCookies } from './session-cookies.js';
import { OurGuard } from './our-guards.js';

/** By the request that a guard accepted. No part of a request itself can add an entry. */
const presentedTokens = new WeakMap<object, PresentedRefreshToken>();

/**
 * Lets through requests whose refresh cookie holds a token of this module. That proves who issued the token, not that the
 * session is live: pass it to `AuthService.refresh`, which reads the store.
 *
 * Refuses with 401 `refresh_missing`, `refresh_invalid` or `refresh_expired`, with `WWW-Authenticate`, and other sites
 * with 403 `csrf_rejected`. No response of its route is cached (RFC 6749 §5.1).
 */
@OurGuard()
@Injectable()
export class JwtRefreshGuard implements CanActivate, OnModuleInit {
  @Optional() @Inject(HttpAdapterHost) protected readonly adapterHost?: HttpAdapterHost;
  @Optional() @Inject(Refusals) protected readonly refusals?: Refusals;
  @Optional() @Inject(SessionCookies) protected readonly cookies?: SessionCookies;

  constructor(@Optional() protected readonly strategy: RefreshTokenStrategy) {}

  /** @throws {AuthConfigurationError} in an app without AuthModule */
  onModuleInit(): void {
    if (!this.strategy) throw moduleMissing(this);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.strategy) throw moduleMissing(this);
    const request = this.getRequest(context);
    if (context.getType<string>() === 'http') {
      const response: unknown = context.switchToHttp().getResponse();
      this.adapterHost?.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    }
    const { error, user, info } = await authenticate<PresentedRefreshToken>(this.strategy, request);
    let token: PresentedRefreshToken;
    try {
      token = this.handleRequest(error, user, info, context);
    } catch (refusal) {
      this.refusals?.report(refusal, refusedCall(context, request));
      this.prepareErrorResponse(refusal, context);
      throw refusal;
    }
    for (const each of [request, requestOf(context)]) presentedTokens.set(each, token);
    return true;
  }

  /** Returns what {@link presentedRefreshToken} returns afterwards, or throws. */
  handleRequest(
    error: unknown,
    token: PresentedRefreshToken | null,
    info: unknown,
    _context: ExecutionContext,
  ): PresentedRefreshToken {
    if (error instanceof Error) throw error;
    if (token !== null) return token;
    if (info instanceof AuthError) throw info;
    throw info instanceof Error && info.name === 'Error'
      ? new AuthError('refresh_missing', 'There is no refresh cookie. Log in.')
      : refreshInvalid();
  }

  getRequest(context: ExecutionContext): HttpRequest {
    return requestOf(context);
  }

  /** Sets the headers of a refusal. Clears the cookies only if the session is known to have ended. */
  protected prepareErrorResponse(refusal: unknown, context: ExecutionContext): void {
    writeErrorHeaders(refusal, context, this.adapterHost);
    if (!(refusal instanceof AuthError && refusal.sessionEnded)) return;
    if (context.getType<string>() !== 'http') return;
    this.cookies?.clearCookies(context.switchToHttp().getResponse());
  }
}

/** The refresh token that {@link JwtRefreshGuard} let through. */
export function presentedRefreshToken(request: HttpRequest): PresentedRefreshToken {
  return presentedTokens.get(request)!;
}
