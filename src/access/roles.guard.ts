import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AuthError } from '../errors/auth-error.js';
import { Refusals } from '../events/refusals.js';
import { accessRule } from './access-rule.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { writeErrorHeaders } from './error-headers.js';
import { keptUser } from './kept-user.js';
import { refusedCall } from './refused-call.js';
import { requestOf } from './request-of.js';
import { OurGuard } from './our-guards.js';

/**
 * Enforces `@Roles()`, in every transport. Put it after `JwtAuthGuard`: it checks the roles of the user whom that guard
 * verified. Refuses with 403 `insufficient_role`.
 */
@OurGuard()
@Injectable()
export class RolesGuard implements CanActivate {
  @Optional() @Inject(HttpAdapterHost) protected readonly adapterHost?: HttpAdapterHost;
  @Optional() @Inject(Refusals) protected readonly refusals?: Refusals;

  constructor(protected readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { roles: required } = accessRule(context.getHandler(), context.getClass());
    if (required === null) return true;
    const user = keptUser(context) as AuthenticatedUser | null | undefined;
    const roles: unknown = user?.roles;
    if (Array.isArray(roles) && required.some((role) => roles.includes(role))) return true;
    const refusal = new AuthError(
      'insufficient_role',
      `This needs one of the roles: ${required.join(', ')}.`,
    );
    this.refusals?.report(refusal, {
      ...refusedCall(context, requestOf(context)),
      userId: user?.id ?? null,
      sessionId: user?.sessionId ?? null,
    });
    writeErrorHeaders(refusal, context, this.adapterHost);
    throw refusal;
  }
}
