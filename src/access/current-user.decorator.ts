import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { requestOf } from './request-of.js';

/** The authenticated user, or one of their claims: `@CurrentUser() user`, `@CurrentUser('email') email`. */
export const CurrentUser = createParamDecorator(
  (claim: string | undefined, context: ExecutionContext): unknown => {
    const { user } = requestOf(context) as { user?: AuthenticatedUser };
    return claim === undefined ? user : user?.[claim];
  },
);
