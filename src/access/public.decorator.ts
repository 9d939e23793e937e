import { Reflector } from '@nestjs/core';

/**
 * Lets everybody call a route or controller although `JwtAuthGuard` guards the app. Of `@Public()` and `@Roles()` the
 * nearer one counts: what stands on a method, before what stands on its class. Both on one of them stop the boot.
 */
export const Public = Reflector.createDecorator<boolean | undefined, boolean>({
  transform: (isPublic) => isPublic ?? true,
});
