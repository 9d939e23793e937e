import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthError } from '../errors/auth-error.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { Public } from './public.decorator.js';
import { requestOf } from './request-of.js';
import { REQUIRED_ROLES } from './roles.decorator.js';

/** Holds what `@Roles()` asks for, but for `@Public()` routes; stands after `JwtAuthGuard`. Answers 403 `insufficient_role`. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(protected readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Public, targets)) return true;
    const required = this.reflector.getAllAndOverride<string[] | undefined>(
      REQUIRED_ROLES,
      targets,
    );
    if (required === undefined) return true;
    const { user } = requestOf(context) as { user?: AuthenticatedUser };
    const roles: unknown = user?.roles;
    if (Array.isArray(roles) && required.some((role) => roles.includes(role))) return true;
    throw new AuthError(
      'insufficient_role',
      `This needs one of the roles: ${required.join(', ')}.`,
    );
  }
}
