import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AuthError } from '../errors/auth-error.js';
import { Refusals } from '../events/refusals.js';
import { accessRule } from './access-rule.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { authenticate, type Authentication } from './run-strategy.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { writeErrorHeaders } from './error-headers.js';
import type { HttpRequest } from './http-request.js';
import { keepUser } from './kept-user.js';
import { refusedCall } from './refused-call.js';
import { moduleMissing } from './module-missing.js';
import { requestOf } from './request-of.js';
import { OurGuard } from './our-guards.js';

/**
 * Lets through requests with a valid access token, and keeps their {@link AuthenticatedUser} for `@CurrentUser()` and
 * `RolesGuard`; over HTTP that is `request.user`.
 * Reads no database. Works on a route, on a controller and as `APP_GUARD`; `@Public()` opens a route.
 *
 * Refuses with 401 `token_missing`, `token_invalid`, `token_expired` or `session_revoked`, with `WWW-Authenticate`.
 */
@OurGuard()
@Injectable()
export class JwtAuthGuard implements CanActivate, OnModuleInit {
  @Optional() @Inject(Refusals) protected readonly refusals?: Refusals;

  constructor(
    @Optional() protected readonly strategy: AccessTokenStrategy,
    protected readonly reflector: Reflector,
    protected readonly adapterHost: HttpAdapterHost,
  ) {}

  /** @throws {AuthConfigurationError} in an app without AuthModule */
  onModuleInit(): void {
    if (!this.strategy) throw moduleMissing(this);
  }

  /** Without a promise for a token that was verified before. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.isPublic(context)) return true;
    if (!this.strategy) throw moduleMissing(this);
    const request = this.getRequest(context);
    const known = this.#recall(request);
    if (known !== null) return this.#decide(known, request, context);
    return authenticate<AuthenticatedUser>(this.strategy, request).then((result) =>
      this.#decide(result, request, context),
    );
  }

  /** An app's tests may replace our strategy with any other of Passport, which has no cache. */
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
    let decided: unknown;
    try {
      decided = this.handleRequest(error, user, info, context);
      if (!keepUser(context, decided)) throw senderUnknown();
    } catch (refusal) {
      this.refusals?.report(refusal, refusedCall(context, request));
      this.prepareErrorResponse(refusal, context);
      throw refusal;
    }
    const own = request as { user?: unknown };
    // Over HTTP it was set already, and on Express setting it again takes as long as finding the token in the cache.
    if (own.user !== decided) own.user = decided;
    return true;
  }

  /**
   * Returns the current user, or throws. Override it to let through requests without a user (`return user`), or to refuse
   * in another way.
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

  /**
   * The object in whose `headers` the token is, as over HTTP. Override it for other transports and other places:
   * `return { headers: { authorization: \`Bearer ${token}\` } }`. The user is not stored on this object.
   */
  getRequest(context: ExecutionContext): HttpRequest {
    return requestOf(context);
  }

  protected isPublic(context: ExecutionContext): boolean {
    return accessRule(context.getHandler(), context.getClass()).isPublic;
  }

  protected prepareErrorResponse(refusal: unknown, context: ExecutionContext): void {
    writeErrorHeaders(refusal, context, this.adapterHost);
  }
}

/** A message must not be handled in the name of another sender. */
function senderUnknown(): AuthError {
  return new AuthError(
    'token_invalid',
    'Nobody can say who sent this message: its transport has one context for all, and an equal payload came from somebody else. Send an object.',
  );
}

function refusalOf(info: unknown): AuthError {
  if (info instanceof AuthError) return info;
  return isMissing(info)
    ? new AuthError('token_missing', 'Send an access token: Authorization: Bearer <token>.')
    : new AuthError('token_invalid', 'The access token is not valid.', { cause: info });
}

/** passport-jwt reports it by a plain Error; the errors of jsonwebtoken have names of their own. */
function isMissing(info: unknown): boolean {
  return info instanceof Error && info.name === 'Error';
}
