import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { keptUser } from './kept-user.js';

/**
 * The authenticated user, or one of their claims: `@CurrentUser() user`, `@CurrentUser('email') email`. Whom a guard
 * verified, in every transport; undefined where none did, whatever the sender says of themselves.
 */
export const CurrentUser = createParamDecorator(
  (claim: string | undefined, context: ExecutionContext): unknown => {
    const user = keptUser(context) as AuthenticatedUser | null | undefined;
    return claim === undefined ? user : user?.[claim];
  },
);
