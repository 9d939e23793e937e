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
import { turnOf, type ClientInfo } from '../events/client-info.js';
import type { KnownDevices, Presented } from './known-devices.js';
import { fieldsOf } from '../input/fields.js';

/** Longest name that anybody logs in or registers by, in UTF-16 units. */
export const LONGEST_USERNAME = 255;

export interface Credentials {
  username: string;
  password: string;
}

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

/** An attempt that may be looked at. */
interface Attempt {
  charges: readonly Charge[];
  /** The user, where the device is known to be theirs. */
  known: AppUser | null;
}

interface Finding {
  user: AppUser | null;
  isRight: boolean;
  isOutdated: boolean;
  /** The user has too many failures: whatever the password was, it is called wrong. */
  isLocked: boolean;
}

/** Finds out whether somebody is who they say they are, by their password, and keeps guessers out. */
export class PasswordLogin {
  readonly #logger = new Logger('AuthModule');

  constructor(
    private readonly users: CheckedUserDirectory,
    private readonly passwords: Passwords,
    private readonly limiter: LoginLimiter | null,
    private readonly devices: KnownDevices,
    private readonly events: AuthEvents,
  ) {}

  /**
   * @param presented what came with the attempt: a token of the account's makes the device a known one
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
    const turn = turnOf(client, known !== null);
    const { user, isRight, isOutdated, isLocked } = await refundUndecided(
      charges,
      () => this.#look({ username, password }, known, turn),
      (finding) => finding.isRight,
    );
    if (user === null || !isRight) {
      const locked = isLocked ? { locked: true as const } : {};
      const userId = user?.id ?? null;
      this.events.emit({ type: 'login_failed', username, userId, ...locked, ...client });
      throw invalidCredentials();
    }
    if (known === null) await this.limiter?.forgetUser(user.id);
    if (isOutdated) await this.#rehash(user, password, turn);
    return user;
  }

  /**
   * Whether a user who just proved the password still may log in. A password takes a while to check, and in the meantime
   * it can be changed, or the user disabled: what was known then must not start a session that outlives it. Nor must what
   * a transaction of the app's then undoes.
   * @throws {AuthError} `invalid_credentials`
   */
  async confirmStill(
    user: AppUser,
    { username, password }: Credentials,
    client: ClientInfo,
  ): Promise<void> {
    const now = await this.users.findSettled(user.id);
    if (!mayHaveSession(now)) throw this.refuse(username, user.id, client);
    if (now.passwordHash === user.passwordHash) return;
    const { matches } = await this.passwords.check(now.passwordHash, password, turnOf(client));
    if (!matches) throw this.refuse(username, user.id, client);
  }

  /**
   * Whether a change of password is due, or done: it is done where the password is what this session has changed it to,
   * and the request comes again because its response got lost, or a later step failed.
   * @throws {AuthError} `invalid_credentials`, `too_many_attempts`, `busy`
   */
  async confirmChange(
    user: AppUser,
    { currentPassword, newPassword }: PasswordChange,
    sessionId: string | null,
    client: ClientInfo,
  ): Promise<'due' | 'done'> {
    if (await this.#isCurrent(user, currentPassword, sessionId, client)) return 'due';
    let isDone = false;
    try {
      isDone =
        newPassword !== currentPassword &&
        (await this.isChangedTo(newPassword, user, sessionId, client));
    } finally {
      if (!isDone) this.tellWrongCurrent(user, sessionId, client);
    }
    if (isDone) return 'done';
    throw wrongCurrentPassword();
  }

  /**
   * Whether the password is this one, and this session has made it that. Of other passwords the second one of a request
   * is not tried, so that it is no guess; where it is tried, it is charged as one.
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
    const charges = await this.limiter?.admitPasswordChange(user.id, sessionId, client.ip);
    const { matches } = await refundUndecided(
      charges ?? [],
      () => this.passwords.check(user.passwordHash, password, turnOf(client, true)),
      (check) => check.matches,
    );
    return matches;
  }

  /** Tells of a login that failed, and gives what to throw. */
  refuse(username: string, userId: string, client: ClientInfo): AuthError {
    this.events.emit({ type: 'login_failed', username, userId, ...client });
    return invalidCredentials();
  }

  /** Tells that the current password was wrong, or is by now. */
  tellWrongCurrent({ id: userId, claims }: AppUser, sessionId: string | null, client: ClientInfo) {
    const username = typeof claims.username === 'string' ? claims.username : null;
    this.events.emit({ type: 'login_failed', username, userId, sessionId, ...client });
  }

  /** A device with a token is looked up first, so that a flood from elsewhere doesn't count against it. */
  async #admit(username: string, { ip }: ClientInfo, presented: Presented): Promise<Attempt> {
    const known = await this.#knownDevice(username, presented);
    if (known !== null) {
      const { user, device } = known;
      const charges = (await this.limiter?.admitDevice(user.id, device)) ?? [];
      return { charges, known: user };
    }
    const charges = (await this.limiter?.admitStranger(username, ip)) ?? [];
    return { charges, known: null };
  }

  /** The same work whatever comes of it, so that nobody learns from the time what the response doesn't say. */
  async #look(
    { username, password }: Credentials,
    known: AppUser | null,
    turn: Turn,
  ): Promise<Finding> {
    const user = known ?? (await this.users.findByLogin(username));
    const check = await this.passwords.check(user?.passwordHash ?? null, password, turn);
    const isTold =
      known !== null || ((await this.limiter?.mayTell(user?.id ?? null, username)) ?? true);
    return {
      user,
      isRight: mayHaveSession(user) && check.matches && isTold,
      isOutdated: check.isOutdated,
      isLocked: user !== null && !isTold,
    };
  }

  /** Whose device it is, looked up only where something came that could say so. */
  async #knownDevice(
    username: string,
    presented: Presented,
  ): Promise<{ user: AppUser; device: string } | null> {
    if (presented.refreshTokens.length === 0 && presented.devices.length === 0) return null;
    const user = await this.users.findByLogin(username);
    const device = user === null ? null : await this.devices.idOf(user.id, presented);
    return user === null || device === null ? null : { user, device };
  }

  /** Only over the hash that was checked: a password changed meanwhile must stay changed. */
  async #rehash(user: AppUser, password: string, turn: Turn): Promise<void> {
    if (!this.users.canRehash) return;
    try {
      const passwordHash = await this.passwords.hash(password, turn);
      const now = await this.users.findById(user.id);
      if (now?.passwordHash !== user.passwordHash) return;
      await this.users.replacePasswordHash(user, passwordHash);
    } catch (error) {
      this.#logger.warn(`The password of user ${user.id} could not be rehashed: ${textOf(error)}`);
    }
  }
}

function invalidCredentials(): AuthError {
  return new AuthError('invalid_credentials', 'The username or the password is wrong.');
}

/** Also for a change that came too late: what was right a moment ago is wrong by then. */
export function wrongCurrentPassword(): AuthError {
  return new AuthError('invalid_credentials', 'The current password is wrong.');
}

/** Who sets a password: a session, or the app on behalf of its user. */
export function setterOf(userId: string, sessionId: string | null): string {
  return sessionId === null ? `user ${userId}` : `session ${sessionId}`;
}

/**
 * What was given as credentials, read once and not looked at: see {@link requireCredentials}.
 * @throws {AuthError} `invalid_request` for what throws when it is read
 */
export function readCredentials(given: unknown): Credentials {
  const { username, password } = fieldsOf(given, 'username', 'password');
  return { username, password } as Credentials;
}

/** @throws {AuthError} `invalid_request` */
export function requireCredentials(given: Credentials): Credentials {
  const credentials = readCredentials(given);
  requireTexts({ ...credentials });
  return credentials;
}

/** For callers other than the controller, whose bodies are checked already. */
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

/** PostgreSQL can't look for a NUL, and nobody can see the others. */
export function isName(text: string): boolean {
  return /\S/u.test(text) && !/[\p{Cc}\p{Cs}]/u.test(text);
}
