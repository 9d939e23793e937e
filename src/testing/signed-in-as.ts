import type { CanActivate } from '@nestjs/common';
import type { AuthenticatedUser } from '../access/authenticated-user.js';
import { keepUser } from '../access/kept-user.js';

/** The strategy methods with which Passport reports a result. */
interface PassportActions {
  success(user: unknown): void;
}

/**
 * Lets every request through as this user, without tokens. In place of the strategy it serves every `JwtAuthGuard`,
 * global or on a route: `Test.createTestingModule(…).overrideProvider(AccessTokenStrategy).useValue(signedInAs({ id:
 * '1' }))`. In place of a guard it serves that guard: `.overrideGuard(MyGuard).useValue(signedInAs({ id: '1' }))`.
 */
export function signedInAs(
  user: { id: string } & Partial<AuthenticatedUser>,
): CanActivate & { authenticate(this: PassportActions): void } {
  const authenticated = { sessionId: 'test-session', ...user };
  return {
    canActivate(context) {
      keepUser(context, { ...authenticated });
      return true;
    },
    authenticate() {
      this.success({ ...authenticated });
    },
  };
}
