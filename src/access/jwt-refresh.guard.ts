import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { refreshInvalid, type PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import { authenticate } from './authenticate.js';
import type { HttpRequest } from './http-request.js';
import { RefreshTokenStrategy } from './refresh-token.strategy.js';
import { requestOf } from './request-of.js';

const PRESENTED = Symbol('nestjs-refresh-auth presented refresh token');

/**
 * Lets through requests whose refresh cookie holds a token of ours. It proves who issued the token, not that the
 * session lives: pass it on to `AuthService.refresh`, which asks the store.
 *
 * Answers 401 `refresh_missing`, `refresh_invalid` or `refresh_expired`, and 403 `csrf_rejected` to other sites.
 */
@Injectable()
export class JwtRefreshGuard implements CanActivate {
  constructor(protected readonly strategy: RefreshTokenStrategy) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = this.getRequest(context);
    const { error, user, info } = await authenticate<PresentedRefreshToken>(this.strategy, request);
    Object.assign(request, { [PRESENTED]: this.handleRequest(error, user, info, context) });
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
  return (request as { [PRESENTED]?: PresentedRefreshToken })[PRESENTED]!;
}
