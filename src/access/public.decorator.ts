import { Reflector } from '@nestjs/core';

/** Lets everybody call a route or controller although `JwtAuthGuard` guards the app. */
export const Public = Reflector.createDecorator<boolean | undefined, boolean>({
  transform: (isPublic) => isPublic ?? true,
});
