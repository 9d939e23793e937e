import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AuthError } from '../errors/auth-error.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { authenticate, type Authentication } from './authenticate.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { errorHeaders } from './error-headers.js';
import type { HttpRequest } from './http-request.js';
import { Public } from './public.decorator.js';
import { requestOf } from './request-of.js';

/**
 * Lets through requests with a valid access token, and puts their {@link AuthenticatedUser} on `request.user`.
 * Reads no database. Works on a route, on a controller and as `APP_GUARD`; `@Public()` opens a route.
 *
 * Answers 401 `token_missing`, `token_invalid`, `token_expired` or `session_revoked`, with `WWW-Authenticate`.
 */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  /** What `@Public()` says of handlers that were asked for. Decorators don't change, and looking them up is dear. */
  readonly #public = new WeakMap<object, { controller: object; isPublic: boolean }>();

  constructor(
    protected readonly strategy: AccessTokenStrategy,
    protected readonly reflector: Reflector,
    protected readonly adapterHost: HttpAdapterHost,
  ) {}

  /** Answers at once for a token that was verified before. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.isPublic(context)) return true;
    const request = this.getRequest(context);
    const known = this.#recall(request);
    if (known !== null) return this.#decide(known, request, context);
    return authenticate<AuthenticatedUser>(this.strategy, request).then((said) =>
      this.#decide(said, request, context),
    );
  }

  /** An app's tests may put any Passport strategy in the place of ours, and others have no memory. */
  #recall(request: HttpRequest): Authentication<AuthenticatedUser> | null {
    const strategy: Partial<Pick<AccessTokenStrategy, 'recall'>> = this.strategy;
    try {
      const user = strategy.recall?.(request) ?? null;
      return user === null ? null : { error: null, user, info: null };
    } catch (error) {
      return { error, user: null, info: null };
    }
  }

  #decide(
    { error, user, info }: Authentication<AuthenticatedUser>,
    request: HttpRequest,
    context: ExecutionContext,
  ): boolean {
    try {
      (request as { user?: unknown }).user = this.handleRequest(error, user, info, context);
    } catch (refusal) {
      this.prepareAnswer(refusal, context);
      throw refusal;
    }
    return true;
  }

  /**
   * What becomes `request.user`, or an exception. Override it to let through requests without a user
   * (`return user`), or to answer in another way.
   */
  handleRequest<User = AuthenticatedUser | null>(
    error: unknown,
    user: AuthenticatedUser | null,
    info: unknown,
    _context: ExecutionContext,
  ): User {
    if (error instanceof Error) throw error;
    if (user === null) throw refusalOf(info);
    return user as User;
  }

  /** Where the request is. Override it for transports other than HTTP and GraphQL. */
  getRequest(context: ExecutionContext): HttpRequest {
    return requestOf(context);
  }

  protected isPublic(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const controller = context.getClass();
    const known = this.#public.get(handler);
    // A handler that controllers inherit is one for all of them.
    if (known?.controller === controller) return known.isPublic;
    const isPublic = this.reflector.getAllAndOverride(Public, [handler, controller]) ?? false;
    this.#public.set(handler, { controller, isPublic });
    return isPublic;
  }

  protected prepareAnswer(refusal: unknown, context: ExecutionContext): void {
    if (!(refusal instanceof AuthError) || context.getType<string>() !== 'http') return;
    const response: unknown = context.switchToHttp().getResponse();
    for (const [name, value] of errorHeaders(refusal)) {
      this.adapterHost.httpAdapter.setHeader(response, name, value);
    }
  }
}

function refusalOf(info: unknown): AuthError {
  if (info instanceof AuthError) return info;
  return isMissing(info)
    ? new AuthError('token_missing', 'Send an access token: Authorization: Bearer <token>.')
    : new AuthError('token_invalid', 'The access token is not valid.', { cause: info });
}

/** passport-jwt says so with a bare Error, jsonwebtoken's have names of their own. */
function isMissing(info: unknown): boolean {
  return info instanceof Error && info.name === 'Error';
}
