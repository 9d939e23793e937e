import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { keptUser } from './kept-user.js';

/**
 * The authenticated user, or one of their claims: `@CurrentUser() user`, `@CurrentUser('email') email`. In every
 * transport it is the user whom a guard verified; undefined if none did, whatever the message itself contains.
 */
export const CurrentUser = createParamDecorator(
  (claim: string | undefined, context: ExecutionContext): unknown => {
    const user = keptUser(context) as AuthenticatedUser | null | undefined;
    return claim === undefined ? user : user?.[claim];
  },
);
