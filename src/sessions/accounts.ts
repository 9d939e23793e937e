import { AuthError } from '../errors/auth-error.js';
import type { PasswordPolicy } from '../passwords/password-policy.js';
import type { Passwords } from '../passwords/passwords.js';
import type { AuthEvents } from './auth-events.js';
import type { AppUser, CheckedUserDirectory } from './checked-user-directory.js';
import { requireTexts, type Credentials, type PasswordLogin } from './password-login.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import type { SessionEnder } from './session-ender.js';

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/** An id that no session has. */
const NO_SESSION = '-';

/** Creates users and changes passwords; who the users are is the directory's business. */
export class Accounts {
  constructor(
    private readonly users: CheckedUserDirectory,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly login: PasswordLogin,
    private readonly ender: SessionEnder,
    private readonly store: RefreshTokenStore,
    private readonly events: AuthEvents,
  ) {}

  /** @throws {AuthError} `username_taken`; `invalid_request` for a password that the policy refuses; `busy` */
  async create({ username, password }: Credentials): Promise<AppUser> {
    requireTexts({ username, password });
    await this.#requireGoodPassword('password', password, [username]);
    const passwordHash = await this.passwords.hash(password);
    // Asked first, so that a store that is down leaves no user without a session.
    await this.store.find(NO_SESSION);
    const user = await this.users.create({ username, passwordHash });
    if (user === null) throw new AuthError('username_taken', 'This username is taken.');
    return user;
  }

  /** @throws {AuthError} `session_revoked` when the user is gone or disabled */
  async require(userId: string): Promise<AppUser> {
    const user = await this.users.findById(userId);
    if (user !== null && !user.disabled) return user;
    throw new AuthError('session_revoked', 'The user is gone or disabled.');
  }

  /**
   * Replaces a password and ends the user's other sessions (OWASP ASVS 7.4.3).
   * @throws {AuthError} `invalid_credentials`, `too_many_attempts`, `invalid_request`, `busy`; `session_revoked` when the
   * user is gone or disabled
   */
  async changePassword(
    userId: string,
    { currentPassword, newPassword }: PasswordChange,
    keepSessionId: string | null,
  ): Promise<void> {
    requireTexts({ currentPassword, newPassword });
    const user = await this.require(userId);
    await this.login.confirm(user, currentPassword, keepSessionId);
    const { username, email } = user.claims;
    const ownWords = [username, email].filter((word) => typeof word === 'string');
    await this.#requireGoodPassword('newPassword', newPassword, ownWords);
    const passwordHash = await this.passwords.hash(newPassword);
    const endOthers = () =>
      this.ender.endAllOf(user.id, 'password_changed', keepSessionId ?? undefined);
    // Before, so that a store that is down leaves the old password; after, for a login in between.
    await endOthers();
    await this.users.updatePasswordHash(user.id, passwordHash);
    this.events.emit({ type: 'password_changed', userId: user.id });
    await endOthers();
  }

  async #requireGoodPassword(field: string, password: string, ownWords: string[]): Promise<void> {
    const refusal = await this.policy.refusalOf(password, ownWords);
    if (refusal !== null) throw new AuthError('invalid_request', `${field}: ${refusal}`);
  }
}
