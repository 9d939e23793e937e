import { Logger } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { textOf } from '../errors/text-of.js';
import type { Charge } from '../limits/attempt-counter.js';
import type { Turn } from '../runtime/fair-queue.js';
import type { LoginLimiter } from '../limits/login-limiter.js';
import { isSetBy } from '../passwords/marked-salt.js';
import { isUnicode, LONGEST_PASSWORD } from '../passwords/password-policy.js';
import type { Passwords } from '../passwords/passwords.js';
import type { AuthEvents } from '../events/auth-events.js';
import { refundUndecided } from '../limits/refund-undecided.js';
import { mayHaveSession, type AppUser } from '../users/app-user.js';
import type { CheckedUserDirectory } from '../users/checked-user-directory.js';
import { queueTurnOf, type ClientInfo } from '../events/client-info.js';
import type { KnownDevices, Presented } from './known-devices.js';
import { fieldsOf } from '../input/fields.js';

/** Longest name for login or registration, in UTF-16 units. */
export const LONGEST_USERNAME = 255;

export interface Credentials {
  username: string;
  password: string;
}

export interface Registration extends Credentials {
  /** Further fields of the new user: checked by the schema of `registration`, and ignored without one. */
  fields?: unknown;
}

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/** An attempt that passed the limits. */
interface Attempt {
  charges: readonly Charge[];
  /** The user, if the device is known to be theirs. */
  known: AppUser | null;
}

interface Finding {
  user: AppUser | null;
  /** The user, if the login succeeds. */
  proven: AppUser | null;
  isOutdated: boolean;
  /** The user has too many failures: even the right password is called wrong. */
  isLocked: boolean;
}

/** What {@link PasswordLogin} works with. */
export interface PasswordLoginParts {
  users: CheckedUserDirectory;
  passwords: Passwords;
  limiter: LoginLimiter | null;
  devices: KnownDevices;
  events: AuthEvents;
}

/** Checks a user's password, and limits guessing. */
export class PasswordLogin {
  readonly #logger = new Logger('AuthModule');
  readonly #parts: PasswordLoginParts;

  constructor(parts: PasswordLoginParts) {
    this.#parts = parts;
  }

  /**
   * @param presented what came with the attempt: a token of the account makes the device a known one
   * @throws {AuthError} `invalid_credentials`, the same for an unknown user, a wrong password and a disabled user;
   * `too_many_attempts`; `busy`
   */
  async authenticate(
    credentials: Credentials,
    client: ClientInfo,
    presented: Presented,
  ): Promise<AppUser> {
    const { username, password } = requireCredentials(credentials);
    const { charges, known } = await this.#admit(username, client, presented);
    const turn = queueTurnOf(client, known !== null);
    const { user, proven, isOutdated, isLocked } = await refundUndecided(
      charges,
      () => this.#check({ username, password }, known, turn),
      (finding) => finding.proven !== null,
    );
    if (proven === null) {
      const locked = isLocked ? { locked: true as const } : {};
      const userId = user?.id ?? null;
      this.#parts.events.emit({ type: 'login_failed', username, userId, ...locked, ...client });
      throw invalidCredentials();
    }
    if (known === null) await this.#parts.limiter?.forgetUser(proven.id);
    if (isOutdated) await this.#rehash(proven, password, turn);
    return proven;
  }

  /**
   * Checks again that a user who just proved the password may log in. Checking a password takes a while, and meanwhile
   * it may be changed, or the user disabled: outdated data must not start a session. Nor must data that an open app
   * transaction may roll back.
   * @throws {AuthError} `invalid_credentials`
   */
  async confirmUnchanged(
    user: AppUser,
    { username, password }: Credentials,
    client: ClientInfo,
  ): Promise<void> {
    const now = await this.#parts.users.findSettled(user.id);
    if (!mayHaveSession(now)) throw this.refuse(username, user.id, client);
    if (now.passwordHash === user.passwordHash) return;
    const { matches } = await this.#parts.passwords.check(
      now.passwordHash,
      password,
      queueTurnOf(client),
    );
    if (!matches) throw this.refuse(username, user.id, client);
  }

  /**
   * Whether a change of password is already done, and not needed: it is done if this session has set the current password
   * to this one, and the request is repeated because its response was lost or a later step failed.
   * @throws {AuthError} `invalid_credentials`, `too_many_attempts`, `busy`
   */
  async isChangeDone(
    user: AppUser,
    { currentPassword, newPassword }: PasswordChange,
    sessionId: string | null,
    client: ClientInfo,
  ): Promise<boolean> {
    if (await this.#isCurrent(user, currentPassword, sessionId, client)) return false;
    let isDone = false;
    try {
      isDone =
        newPassword !== currentPassword &&
        (await this.isChangedTo(newPassword, user, sessionId, client));
    } finally {
      if (!isDone) this.reportWrongCurrent(user, sessionId, client);
    }
    if (!isDone) throw wrongCurrentPassword();
    return true;
  }

  /**
   * Whether this is the password, and this session has set it. For a password set by anybody else the request's second
   * password is not tried, so that it is no guess; if it is tried, it is charged as one.
   * @throws {AuthError} `too_many_attempts`, `busy`
   */
  async isChangedTo(
    newPassword: string,
    user: AppUser,
    sessionId: string | null,
    client: ClientInfo,
  ): Promise<boolean> {
    if (!isSetBy(user.passwordHash, setterOf(user.id, sessionId))) return false;
    return this.#isCurrent(user, newPassword, sessionId, client);
  }

  async #isCurrent(
    user: AppUser,
    password: string,
    sessionId: string | null,
    client: ClientInfo,
  ): Promise<boolean> {
    const charges = await this.#parts.limiter?.admitPasswordChange(user.id, sessionId, client.ip);
    const { matches } = await refundUndecided(
      charges ?? [],
      () => this.#parts.passwords.check(user.passwordHash, password, queueTurnOf(client, true)),
      (check) => check.matches,
    );
    return matches;
  }

  /** Reports a failed login, and returns the error to throw. */
  refuse(username: string, userId: string, client: ClientInfo): AuthError {
    this.#parts.events.emit({ type: 'login_failed', username, userId, ...client });
    return invalidCredentials();
  }

  /** Reports that the current password was wrong, or has become wrong. */
  reportWrongCurrent(
    { id: userId, claims }: AppUser,
    sessionId: string | null,
    client: ClientInfo,
  ) {
    const username = typeof claims.username === 'string' ? claims.username : null;
    this.#parts.events.emit({ type: 'login_failed', username, userId, sessionId, ...client });
  }

  /** Checks a device with a token first, so that a flood from elsewhere doesn't count against it. */
  async #admit(username: string, { ip }: ClientInfo, presented: Presented): Promise<Attempt> {
    const known = await this.#knownDevice(username, presented);
    if (known !== null) {
      const { user, device } = known;
      const charges = (await this.#parts.limiter?.admitKnownDevice(user.id, device)) ?? [];
      return { charges, known: user };
    }
    const charges = (await this.#parts.limiter?.admitUnknownDevice(username, ip)) ?? [];
    return { charges, known: null };
  }

  /** Does the same work for every outcome, so that the time reveals nothing that the response doesn't. */
  async #check(
    { username, password }: Credentials,
    known: AppUser | null,
    turn: Turn,
  ): Promise<Finding> {
    const user = known ?? (await this.#parts.users.findByLogin(username));
    const check = await this.#parts.passwords.check(user?.passwordHash ?? null, password, turn);
    const mayReveal =
      known !== null ||
      ((await this.#parts.limiter?.mayReveal(user?.id ?? null, username)) ?? true);
    return {
      user,
      proven: mayHaveSession(user) && check.matches && mayReveal ? user : null,
      isOutdated: check.isOutdated,
      isLocked: user !== null && !mayReveal,
    };
  }

  /** Finds the device's owner, but only if something was sent that could prove one. */
  async #knownDevice(
    username: string,
    presented: Presented,
  ): Promise<{ user: AppUser; device: string } | null> {
    if (presented.refreshTokens.length === 0 && presented.devices.length === 0) return null;
    const user = await this.#parts.users.findByLogin(username);
    if (user === null) return null;
    const device = await this.#parts.devices.idOf(user.id, presented);
    return device === null ? null : { user, device };
  }

  /** Replaces only the hash that was checked: a password changed meanwhile must stay changed. */
  async #rehash(user: AppUser, password: string, turn: Turn): Promise<void> {
    if (!this.#parts.users.canRehash) return;
    try {
      const passwordHash = await this.#parts.passwords.hash(password, turn);
      const now = await this.#parts.users.findById(user.id);
      if (now?.passwordHash !== user.passwordHash) return;
      await this.#parts.users.replacePasswordHash(user, passwordHash);
    } catch (error) {
      this.#logger.warn(`The password of user ${user.id} could not be rehashed: ${textOf(error)}`);
    }
  }
}

function invalidCredentials(): AuthError {
  return new AuthError('invalid_credentials', 'The username or the password is wrong.');
}

/** Also for a change that came too late: a password that was right a moment ago may be wrong now. */
export function wrongCurrentPassword(): AuthError {
  return new AuthError('invalid_credentials', 'The current password is wrong.');
}

/** Identifies who sets a password: a session, or the app for its user. */
export function setterOf(userId: string, sessionId: string | null): string {
  return sessionId === null ? `user ${userId}` : `session ${sessionId}`;
}

/**
 * The given credentials, each field read once and not validated: see {@link requireCredentials}.
 * @throws {AuthError} `invalid_request` if reading a field throws
 */
export function readCredentials(given: unknown): Credentials {
  const { username, password } = fieldsOf(given, 'username', 'password');
  return { username, password } as Credentials;
}

export function readRegistration(given: unknown): Registration {
  const { username, password, fields } = fieldsOf(given, 'username', 'password', 'fields');
  return { username, password, fields } as Registration;
}

/** @throws {AuthError} `invalid_request` */
export function requireCredentials(given: Credentials): Credentials {
  const credentials = readCredentials(given);
  requireTexts({ ...credentials });
  return credentials;
}

/** For callers other than the controller, which has already validated its body. */
export function requireTexts(fields: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(fields)) {
    const longest = field === 'username' ? LONGEST_USERNAME : LONGEST_PASSWORD;
    const isText = typeof value === 'string' && value !== '' && value.length <= longest;
    if (!isText || !isUnicode(value) || (field === 'username' && !isName(value))) {
      throw new AuthError(
        'invalid_request',
        `${field}: must be a text of 1 to ${longest} characters`,
      );
    }
  }
}

/** PostgreSQL can't search for a NUL, and the other control characters are invisible. */
export function isName(text: string): boolean {
  return /\S/u.test(text) && !/[\p{Cc}\p{Cs}]/u.test(text);
}
