import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { JwtRefreshGuard } from '../access/jwt-refresh.guard.js';
import { RefreshTokenStrategy } from '../access/refresh-token.strategy.js';
import { AuthError } from '../errors/auth-error.js';
import type { PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import { AuthResponses } from './auth-responses.js';

/** {@link JwtRefreshGuard}, with the headers that go with its errors. */
@Injectable()
export class RefreshRouteGuard extends JwtRefreshGuard {
  constructor(
    @Inject(RefreshTokenStrategy) strategy: RefreshTokenStrategy,
    @Inject(AuthResponses) private readonly replies: AuthResponses,
  ) {
    super(strategy);
  }

  override handleRequest(
    error: unknown,
    token: PresentedRefreshToken | null,
    info: unknown,
    context: ExecutionContext,
  ): PresentedRefreshToken {
    try {
      return super.handleRequest(error, token, info, context);
    } catch (refusal) {
      if (refusal instanceof AuthError) {
        this.replies.prepareError(refusal, context.switchToHttp().getResponse());
      }
      throw refusal;
    }
  }
}
