import { Reflector } from '@nestjs/core';

/**
 * Opens a route or controller to every caller, although `JwtAuthGuard` guards the app. Of `@Public()` and `@Roles()` the
 * nearer one counts: one on a method before one on its class. Both on the same method or class stop the boot.
 */
export const Public = Reflector.createDecorator<boolean | undefined, boolean>({
  transform: (isPublic) => isPublic ?? true,
});
