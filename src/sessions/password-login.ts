import { Logger } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import type { LoginLimiter, Refund } from '../passwords/login-limiter.js';
import { LONGEST_PASSWORD } from '../passwords/password-policy.js';
import type { Passwords } from '../passwords/passwords.js';
import type { PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import type { AuthEvents } from './auth-events.js';
import type { Ask } from './bounded.js';
import type { AppUser, CheckedUserDirectory } from './checked-user-directory.js';
import type { ClientInfo } from './client-info.js';

export interface Credentials {
  username: string;
  password: string;
}

/** Finds out whether somebody is who they say they are, by their password, and keeps guessers out. */
export class PasswordLogin {
  readonly #logger = new Logger('AuthModule');

  constructor(
    private readonly users: CheckedUserDirectory,
    private readonly passwords: Passwords,
    private readonly limiter: LoginLimiter | null,
    private readonly ask: Ask,
    private readonly events: AuthEvents,
  ) {}

  /**
   * @param presented tokens that came with the attempt: one of the account's makes the device a known one
   * @throws {AuthError} `invalid_credentials`, the same for an unknown user, a wrong password and a disabled user;
   * `too_many_attempts`; `busy`
   */
  async authenticate(
    { username, password }: Credentials,
    client: ClientInfo,
    presented: readonly PresentedRefreshToken[],
  ): Promise<AppUser> {
    requireTexts({ username, password });
    const { user, refund } = await this.#admit(username, client, presented);
    const check = await this.passwords.check(user?.passwordHash ?? null, password);
    if (user === null || !check.matches || user.disabled) {
      this.events.emit({ type: 'login_failed', username, userId: user?.id ?? null, ...client });
      throw new AuthError('invalid_credentials', 'The username or the password is wrong.');
    }
    await refund();
    if (check.isOutdated) await this.#rehash(user, password);
    return user;
  }

  /** @throws {AuthError} `invalid_credentials`, `too_many_attempts`, `busy` */
  async confirm(user: AppUser, password: string, sessionId: string | null): Promise<void> {
    const refund = await this.#charge((limiter) => limiter.admitDevice(sessionId ?? user.id));
    const { matches } = await this.passwords.check(user.passwordHash, password);
    if (!matches) throw new AuthError('invalid_credentials', 'The current password is wrong.');
    await refund();
  }

  /** A device with a token is looked up first, so that a flood from elsewhere doesn't count against it. */
  async #admit(
    username: string,
    { ip }: ClientInfo,
    presented: readonly PresentedRefreshToken[],
  ): Promise<{ user: AppUser | null; refund: Refund }> {
    if (presented.length > 0) {
      const user = await this.users.findByLogin(username);
      const device = presented.find(({ userId }) => userId === user?.id);
      const refund = await this.#charge((limiter) =>
        device === undefined
          ? limiter.admitStranger(username, ip)
          : limiter.admitDevice(device.sessionId),
      );
      return { user, refund };
    }
    const refund = await this.#charge((limiter) => limiter.admitStranger(username, ip));
    return { user: await this.users.findByLogin(username), refund };
  }

  async #charge(admit: (limiter: LoginLimiter) => Promise<Refund>): Promise<Refund> {
    const { limiter, ask } = this;
    if (limiter === null) return async () => {};
    const refund = await ask(() => admit(limiter));
    return () => ask(refund);
  }

  async #rehash(user: AppUser, password: string): Promise<void> {
    if (!this.users.canRehash) return;
    try {
      await this.users.updatePasswordHash(user.id, await this.passwords.hash(password));
    } catch (error) {
      this.#logger.warn(`The password of user ${user.id} could not be rehashed: ${String(error)}`);
    }
  }
}

/** For callers other than the controller, whose bodies are checked already. */
export function requireTexts(fields: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(fields)) {
    const isText = typeof value === 'string' && value !== '' && value.length <= LONGEST_PASSWORD;
    if (!isText || (field === 'username' && !isName(value))) {
      throw new AuthError(
        'invalid_request',
        `${field}: must be a text of 1 to ${LONGEST_PASSWORD} characters`,
      );
    }
  }
}

/** PostgreSQL can't look for a NUL, and nobody can see the others. */
export function isName(text: string): boolean {
  return /\S/u.test(text) && !/[\p{Cc}\p{Cs}]/u.test(text);
}
