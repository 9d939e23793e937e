import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
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
import { requestOf } from './request-of.js';

/** By the request that a guard looked at; nothing that is sent can get in here. */
const presentedTokens = new WeakMap<object, PresentedRefreshToken>();

/**
 * Lets through requests whose refresh cookie holds a token of ours. It proves who issued the token, not that the
 * session lives: pass it on to `AuthService.refresh`, which asks the store.
 *
 * Answers 401 `refresh_missing`, `refresh_invalid` or `refresh_expired`, with `WWW-Authenticate`, and 403
 * `csrf_rejected` to other sites.
 */
@Injectable()
export class JwtRefreshGuard implements CanActivate {
  @Optional() @Inject(HttpAdapterHost) protected readonly adapterHost?: HttpAdapterHost;
  @Optional() @Inject(Refusals) protected readonly refusals?: Refusals;

  constructor(protected readonly strategy: RefreshTokenStrategy) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = this.getRequest(context);
    const { error, user, info } = await authenticate<PresentedRefreshToken>(this.strategy, request);
    let token: PresentedRefreshToken;
    try {
      token = this.handleRequest(error, user, info, context);
    } catch (refusal) {
      this.refusals?.report(refusal, refusedCall(context, request));
      writeErrorHeaders(refusal, context, this.adapterHost);
      throw refusal;
    }
    for (const each of [request, requestOf(context)]) presentedTokens.set(each, token);
    return true;
  }

  /** What {@link presentedRefreshToken} returns afterwards, or an exception. */
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
}

/** The refresh token that {@link JwtRefreshGuard} let through. */
export function presentedRefreshToken(request: HttpRequest): PresentedRefreshToken {
  return presentedTokens.get(request)!;
}
