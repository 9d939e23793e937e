import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const REQUIRED_ROLES = 'nestjs-refresh-auth:roles';

/** Lets only users with one of these roles (the `roles` claim) call a route or controller; needs `RolesGuard`. */
export function Roles(...roles: [string, ...string[]]): CustomDecorator {
  return SetMetadata(REQUIRED_ROLES, roles);
}
