import { AuthError } from '../errors/auth-error.js';
import type { LoginLimiter } from '../passwords/login-limiter.js';
import type { PasswordPolicy } from '../passwords/password-policy.js';
import type { Passwords } from '../passwords/passwords.js';
import type { AuthEvents } from './auth-events.js';
import { charged } from './charged.js';
import type { AppUser, CheckedUserDirectory } from './checked-user-directory.js';
import { turnOf, type ClientInfo } from './client-info.js';
import { requireTexts, type Credentials, type PasswordLogin } from './password-login.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import type { SessionEnder } from './session-ender.js';

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/** An id that no session has. */
const NO_SESSION = '-';

/** What {@link Accounts} puts to work. */
export interface AccountsParts {
  users: CheckedUserDirectory;
  passwords: Passwords;
  policy: PasswordPolicy;
  login: PasswordLogin;
  limiter: LoginLimiter | null;
  ender: SessionEnder;
  store: RefreshTokenStore;
  events: AuthEvents;
}

/** Creates users and changes passwords; who the users are is the directory's business. */
export class Accounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /**
   * @throws {AuthError} `username_taken`; `invalid_request` for a password that the policy refuses;
   * `too_many_attempts` from one address; `busy`
   */
  async create({ username, password }: Credentials, client: ClientInfo): Promise<AppUser> {
    requireTexts({ username, password });
    const { limiter, passwords, store, users } = this.#parts;
    const charges = (await limiter?.admitRegistration(client.ip)) ?? [];
    const hashing = async () => {
      await this.#requireGoodPassword('password', password, [username]);
      // Asked first, so that a store that is down leaves no user without a session.
      await store.find(NO_SESSION);
      return passwords.hash(password, turnOf(client));
    };
    // What was hashed is not given back, whatever becomes of it.
    const passwordHash = await charged(charges, hashing, () => false);
    const user = await users.create({ username, passwordHash });
    if (user === null) throw new AuthError('username_taken', 'This username is taken.');
    return user;
  }

  /** @throws {AuthError} `session_revoked` when the user is gone or disabled */
  async require(userId: string): Promise<AppUser> {
    const user = await this.#parts.users.findById(userId);
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
    client: ClientInfo,
  ): Promise<void> {
    requireTexts({ currentPassword, newPassword });
    const { users, passwords, login, ender, events } = this.#parts;
    const user = await this.require(userId);
    await login.confirm(user, currentPassword, keepSessionId, client);
    const { username, email } = user.claims;
    const ownWords = [username, email].filter((word) => typeof word === 'string');
    await this.#requireGoodPassword('newPassword', newPassword, ownWords);
    const passwordHash = await passwords.hash(newPassword, turnOf(client, true));
    const endOthers = () => ender.endAllOf(user.id, 'password_changed', keepSessionId ?? undefined);
    // Before, so that a store that is down leaves the old password; after, for a login in between.
    await endOthers();
    await users.updatePasswordHash(user.id, passwordHash);
    events.emit({ type: 'password_changed', userId: user.id });
    await endOthers();
  }

  async #requireGoodPassword(field: string, password: string, ownWords: string[]): Promise<void> {
    const refusal = await this.#parts.policy.refusalOf(password, ownWords);
    if (refusal !== null) throw new AuthError('invalid_request', `${field}: ${refusal}`);
  }
}
