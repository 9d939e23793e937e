import type { CanActivate } from '@nestjs/common';
import type { AuthenticatedUser } from '../access/authenticated-user.js';
import { requestOf } from '../access/request-of.js';

/**
 * A guard that lets every request through as this user, without tokens:
 * `Test.createTestingModule(…).overrideGuard(JwtAuthGuard).useValue(signedInAs({ id: '1' }))`.
 * A guard bound by `APP_GUARD` is overridden as a provider, when it was bound with `useExisting: JwtAuthGuard`.
 */
export function signedInAs(user: { id: string } & Partial<AuthenticatedUser>): CanActivate {
  return {
    canActivate(context) {
      Object.assign(requestOf(context), { user: { sessionId: 'test-session', ...user } });
      return true;
    },
  };
}
