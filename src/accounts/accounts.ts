import { AuthError } from '../errors/auth-error.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import type { LoginLimiter } from '../limits/login-limiter.js';
import type { PasswordPolicy } from '../passwords/password-policy.js';
import type { Passwords } from '../passwords/passwords.js';
import type { AuthEvents } from '../events/auth-events.js';
import { refundUndecided } from '../limits/refund-undecided.js';
import { mayHaveSession, type AppUser } from '../users/app-user.js';
import type { CheckedUserDirectory } from '../users/checked-user-directory.js';
import { queueTurnOf, type ClientInfo } from '../events/client-info.js';
import type { RefreshTokenToKeep } from '../sessions/issued-tokens.js';
import { OneAtATime } from '../runtime/one-at-a-time.js';
import {
  requireCredentials,
  requireTexts,
  setterOf,
  wrongCurrentPassword,
  type Credentials,
  type PasswordChange,
  type PasswordLogin,
  type Registration,
} from './password-login.js';
import type { RefreshTokenStore } from '../sessions/refresh-token-store.js';
import { fieldsOf } from '../input/fields.js';
import type { FurtherFields } from './further-fields.js';
import type { EndSessions } from '../sessions/end-sessions.js';
import type { ReissueRefreshToken } from '../sessions/reissue-refresh-token.js';
import { ReportedChanges } from './reported-changes.js';
import { nameRefusal, preparedName } from '../usernames/usernames.js';

/** A change of password, and where the request came from. */
interface RequestedChange extends PasswordChange {
  keepSessionId: string | null;
  client: ClientInfo;
}

/** How often another change of the same password may be faster before it is taken for a fault of the directory. */
const MOST_OVERTAKEN = 3;

/** An id that no session has. */
const NO_SESSION = '-';

/** The parts that {@link Accounts} uses. */
export interface AccountsParts {
  users: CheckedUserDirectory;
  passwords: Passwords;
  policy: PasswordPolicy;
  /** Null: a registration has no further fields. */
  furtherFields: FurtherFields | null;
  login: PasswordLogin;
  limiter: LoginLimiter | null;
  ender: EndSessions;
  reissuer: ReissueRefreshToken;
  store: RefreshTokenStore;
  events: AuthEvents;
}

/** Creates users and changes passwords. The directory decides who the users are. */
export class Accounts {
  readonly #parts: AccountsParts;
  readonly #changes = new OneAtATime();
  readonly #reported = new ReportedChanges();

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /**
   * @throws {AuthError} `username_taken`; `invalid_request` for a name that could pass for another, or a password that the
   * policy refuses; `invalid_credentials` where the directory created the user as disabled; `too_many_attempts` from one address; `busy`
   */
  async create(registration: Registration, client: ClientInfo): Promise<AppUser> {
    const { username, password } = requireNewCredentials(registration);
    const { limiter, login, passwords, store, users } = this.#parts;
    const charges = (await limiter?.admitRegistration(client.ip)) ?? [];
    const hashing = async () => {
      // Counted like a registration: a schema may tell who guesses a code whether it is right.
      const fields = await this.#parts.furtherFields?.(registration.fields ?? {});
      await this.#requireGoodPassword('password', password, [username, ...emailIn(fields)]);
      // Check the store first: if it is down, no user is left without a session.
      await store.find(NO_SESSION);
      return { fields, passwordHash: await passwords.hash(password, queueTurnOf(client)) };
    };
    // A hash that was computed is never refunded, whatever happens next.
    const { fields, passwordHash } = await refundUndecided(charges, hashing, () => false);
    if (await users.hasLookalike(username)) throw usernameTaken();
    const user = await users.create({ username, passwordHash, ...(fields && { fields }) });
    if (user === null) throw usernameTaken();
    const { id } = user;
    if (!mayHaveSession(user)) throw login.refuse(username, id, client);
    return { ...user, passwordHash };
  }

  /**
   * The hash of a password that the app stores by itself.
   * @throws {AuthError} `invalid_request` for a password that the policy refuses; `busy`
   */
  async hashPassword(
    password: string,
    ownWords: readonly string[],
    client: ClientInfo,
  ): Promise<string> {
    requireTexts({ password });
    await this.#requireGoodPassword('password', password, ownWords);
    return this.#parts.passwords.hash(password, queueTurnOf(client));
  }

  /**
   * Sets a password without the old one, and ends every session of the user.
   * @throws {AuthError} `invalid_request` for a user who isn't there, or a password that the policy refuses; `busy`;
   * `store_unavailable` if the hash is never replaced
   */
  async setPassword(userId: string, newPassword: string, client: ClientInfo): Promise<void> {
    requireTexts({ newPassword });
    const { users, passwords, events } = this.#parts;
    const found = await this.#requireKnown(userId);
    await this.#requireGoodPassword('newPassword', newPassword, ownWordsOf(found));
    const passwordHash = await passwords.hash(newPassword, queueTurnOf(client));
    await this.#changes.run(userId, async () => {
      // Before the change and after it, as in a change by the user.
      await this.#endOthers(userId, { keepSessionId: null });
      for (let left = MOST_OVERTAKEN; ; left -= 1) {
        const user = { ...(await this.#requireKnown(userId)), id: userId };
        if (await users.replacePasswordHash(user, passwordHash)) break;
        if (left === 0) throw storeUnavailable(new Error('The password hash is never replaced.'));
      }
      events.emit({ type: 'password_changed', userId, sessionId: null, ...client });
      await this.#endOthers(userId, { keepSessionId: null });
    });
  }

  async #requireKnown(userId: string): Promise<AppUser> {
    const user = await this.#parts.users.findSettled(userId);
    if (user === null) throw new AuthError('invalid_request', 'userId: there is no such user');
    return user;
  }

  /**
   * Checks that a new user may have a session, and is the user whom the directory knows by that id: a user who existed
   * before has another password.
   * @throws {AuthError} `invalid_credentials`, `username_taken`; `store_unavailable` if the directory doesn't find the
   * user
   */
  async confirmCreated(user: AppUser, { username, password }: Credentials, client: ClientInfo) {
    const { users, passwords, login } = this.#parts;
    const now = await users.findCreated(user.id);
    if (!mayHaveSession(now)) throw login.refuse(username, user.id, client);
    if (now.passwordHash === null || now.passwordHash === user.passwordHash) return;
    const { matches } = await passwords.check(now.passwordHash, password, queueTurnOf(client));
    if (!matches) throw usernameTaken();
  }

  /** @throws {AuthError} `session_revoked` when the user is gone or disabled */
  async require(userId: string): Promise<AppUser> {
    const { users } = this.#parts;
    const found = await users.findById(userId);
    return required(mayHaveSession(found) ? found : await users.settled(found, userId));
  }

  /**
   * The same, but waits until no app transaction can roll the result back.
   * @throws {AuthError} `session_revoked` when the user is gone or disabled
   */
  async requireSettled(userId: string): Promise<AppUser> {
    return required(await this.#parts.users.findSettled(userId));
  }

  /**
   * Replaces a password, ends the user's other sessions (OWASP ASVS 7.4.3) and reissues the refresh token of the session
   * that stays open (7.2.4). Of simultaneous changes one wins: only the hash that was checked is replaced. If the same
   * session repeats the change, the rest of it is done, and it gets the same token as long as that one is unused.
   * @returns the refresh token to keep from now on; null if no session stays open, or if it keeps the token that the
   * client has
   * @throws {AuthError} `invalid_credentials` for a wrong current password, and if the session was ended or the
   * password changed meanwhile; `too_many_attempts`, `invalid_request`, `busy`; `session_revoked` when the user is gone
   * or disabled
   */
  async changePassword(
    userId: string,
    change: PasswordChange,
    keepSessionId: string | null,
    client: ClientInfo,
  ): Promise<RefreshTokenToKeep | null> {
    const request = { ...requireChange(change), keepSessionId, client };
    const { currentPassword, newPassword } = request;
    const { passwords, login } = this.#parts;
    // Use the id that the sessions have: a directory may return it in another case than at login.
    const user = { ...(await this.require(userId)), id: userId };
    const passes = { currentPassword, newPassword };
    if (await login.isChangeDone(user, passes, keepSessionId, client)) {
      return this.#changes.run(userId, () => this.#change(user, null, request));
    }
    await this.#requireGoodPassword('newPassword', newPassword, ownWordsOf(user));
    const setBy = setterOf(userId, keepSessionId);
    const passwordHash = await passwords.hash(newPassword, queueTurnOf(client, true), setBy);
    // One at a time, so that the loser of a race finds its own session ended before it ends others.
    return this.#changes.run(userId, () => this.#change(user, passwordHash, request));
  }

  /** @param passwordHash the new one; null if it is already set */
  async #change(
    user: AppUser,
    passwordHash: string | null,
    request: RequestedChange,
  ): Promise<RefreshTokenToKeep | null> {
    const { users } = this.#parts;
    const now = await this.#requireLive(user.id, request);
    if (now.passwordHash !== user.passwordHash) return this.#finishOther(now, request);
    if (passwordHash === null) return this.#finishRest(now, request);
    // Before the change, so that a store that is down leaves the old password; again after it, for a login in between.
    await this.#endOthers(user.id, request);
    if (await users.replacePasswordHash(user, passwordHash)) {
      return this.#finish({ ...user, passwordHash }, request);
    }
    return this.#finishOther(await this.#requireLive(user.id, request), request);
  }

  /** Another change was faster. It may be this same change, if the request came twice. */
  async #finishOther(user: AppUser, request: RequestedChange): Promise<RefreshTokenToKeep | null> {
    const { newPassword, keepSessionId, client } = request;
    const { login } = this.#parts;
    const isDone = await login.isChangedTo(newPassword, user, keepSessionId, client);
    if (!isDone) throw this.#refuseLate(user, request);
    return this.#finishRest(user, request);
  }

  /**
   * Does what the change has left undone. The reissue is the last step: after it nothing is ended or reported any more.
   * A client that has used the reissued token received the response, and others may have logged in with the new password
   * since.
   */
  async #finishRest(user: AppUser, request: RequestedChange): Promise<RefreshTokenToKeep | null> {
    const { keepSessionId } = request;
    const { reissuer } = this.#parts;
    const reissue =
      keepSessionId === null
        ? null
        : await reissuer.reissuedBefore(user.id, keepSessionId, user.passwordHash!);
    return reissue === null ? this.#finish(user, request) : reissue.token;
  }

  /** The steps after the new hash is written; each may be repeated. */
  async #finish(user: AppUser, request: RequestedChange): Promise<RefreshTokenToKeep | null> {
    const { id: userId, passwordHash } = user;
    const { keepSessionId: sessionId, client } = request;
    const { events, reissuer } = this.#parts;
    if (this.#reported.isNew(userId, passwordHash!)) {
      events.emit({ type: 'password_changed', userId, sessionId, ...client });
    }
    await this.#endOthers(userId, request);
    // The last step, so that no failure invalidates a client's token before the client has the next one.
    return sessionId === null ? null : reissuer.reissue(userId, sessionId, passwordHash!);
  }

  async #endOthers(
    userId: string,
    { keepSessionId }: Pick<RequestedChange, 'keepSessionId'>,
  ): Promise<void> {
    await this.#parts.ender.endAllOf(userId, 'password_changed', keepSessionId ?? undefined);
  }

  /** While the passwords were hashed, another change may have ended the session of this request. */
  async #requireLive(userId: string, request: RequestedChange): Promise<AppUser> {
    const { keepSessionId } = request;
    const user = { ...(await this.require(userId)), id: userId };
    const { reissuer } = this.#parts;
    const isLive = keepSessionId === null || (await reissuer.isLive(userId, keepSessionId));
    if (!isLive) throw this.#refuseLate(user, request);
    return user;
  }

  #refuseLate(user: AppUser, { keepSessionId, client }: RequestedChange): AuthError {
    this.#parts.login.reportWrongCurrent(user, keepSessionId, client);
    return wrongCurrentPassword();
  }

  async #requireGoodPassword(
    field: string,
    password: string,
    ownWords: readonly string[],
  ): Promise<void> {
    const refusal = await this.#parts.policy.refusalOf(password, ownWords);
    if (refusal !== null) throw new AuthError('invalid_request', `${field}: ${refusal}`);
  }
}

/** Words that a user's password must not be made of. */
function ownWordsOf({ claims: { username, email } }: AppUser): string[] {
  return [username, email].filter((word) => typeof word === 'string');
}

function emailIn(fields: object | undefined): string[] {
  const { email } = { email: undefined as unknown, ...fields };
  return typeof email === 'string' ? [email] : [];
}

function required(user: AppUser | null): AppUser {
  if (mayHaveSession(user)) return user;
  throw new AuthError('session_revoked', 'The user is gone or disabled.');
}

function usernameTaken(): AuthError {
  return new AuthError('username_taken', 'This username is taken.');
}

/** A new name is stored as RFC 8265 prepares it, so that each name has one form. */
function requireNewCredentials(credentials: Credentials): Credentials {
  const { username, password } = requireCredentials(credentials);
  const refusal = nameRefusal(username);
  if (refusal !== null) throw new AuthError('invalid_request', `username: ${refusal}`);
  return { username: preparedName(username), password };
}

function requireChange(change: PasswordChange): PasswordChange {
  const { currentPassword, newPassword } = fieldsOf(change, 'currentPassword', 'newPassword');
  requireTexts({ currentPassword, newPassword });
  return { currentPassword, newPassword } as PasswordChange;
}
