import { Logger } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import type { Clock } from '../options/time-and-randomness.js';
import { passwordRefusal } from '../passwords/password-policy.js';
import type { Passwords } from '../passwords/passwords.js';
import type { PresentedRefreshToken, RefreshTokens } from '../tokens/refresh-tokens.js';
import type { AuthEvents } from './auth-events.js';
import type { AppUser, CheckedUserDirectory } from './checked-user-directory.js';
import { UNKNOWN_CLIENT, type ClientInfo } from './client-info.js';
import type { IssuedTokens } from './issued-tokens.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import type { SessionEnder } from './session-ender.js';
import type { SessionPurger } from './session-purger.js';
import type { SessionRefresher } from './session-refresher.js';
import type { SessionStarter } from './session-starter.js';

export interface Credentials {
  username: string;
  password: string;
}

/** One session as its owner sees it. */
export interface SessionSummary {
  id: string;
  createdAt: Date;
  /** When the session last rotated, which it does at most once a leeway. */
  lastUsedAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

/**
 * Login sessions, without HTTP: what the controller does can be done from a resolver, a gateway or a script.
 * Every method can fail with `AuthError` `store_unavailable`, and has then lost nothing.
 */
export class AuthService {
  readonly #logger = new Logger('AuthModule');

  constructor(
    private readonly users: CheckedUserDirectory,
    private readonly passwords: Passwords,
    private readonly starter: SessionStarter,
    private readonly refresher: SessionRefresher,
    private readonly ender: SessionEnder,
    private readonly refreshTokens: RefreshTokens,
    private readonly store: RefreshTokenStore,
    private readonly purger: SessionPurger,
    private readonly events: AuthEvents,
    private readonly clock: Clock,
    private readonly settings: { passwords: { minLength: number } },
  ) {}

  /**
   * Starts a session for a user who knows the password.
   * @param replaced refresh tokens that came with the login: their sessions are ended (OWASP ASVS 7.2.4)
   * @throws {AuthError} `invalid_credentials`, the same for an unknown user, a wrong password and a disabled user
   */
  async login(
    { username, password }: Credentials,
    client: ClientInfo = UNKNOWN_CLIENT,
    replaced: readonly string[] = [],
  ): Promise<IssuedTokens> {
    const user = await this.users.findByLogin(username);
    const check = await this.passwords.check(user?.passwordHash ?? null, password);
    if (user === null || !check.matches || user.disabled) {
      this.events.emit({ type: 'login_failed', username, userId: user?.id ?? null, ...client });
      throw new AuthError('invalid_credentials', 'The username or the password is wrong.');
    }
    if (check.isOutdated) await this.#rehash(user, password);
    return this.#start('login_succeeded', user, client, replaced);
  }

  /**
   * Creates a user and starts a session.
   * @throws {AuthError} `username_taken`, `invalid_request` for a password that the policy refuses
   */
  async register(
    { username, password }: Credentials,
    client: ClientInfo = UNKNOWN_CLIENT,
    replaced: readonly string[] = [],
  ): Promise<IssuedTokens> {
    this.#requireGoodPassword('password', password, username);
    const passwordHash = await this.passwords.hash(password);
    const user = await this.users.create({ username, passwordHash });
    if (user === null) throw new AuthError('username_taken', 'This username is taken.');
    return this.#start('registered', user, client, replaced);
  }

  /**
   * Trades a refresh token for a new access token and, where it is due, for its successor.
   * Idempotent: the same token within the leeway gets the same successor.
   * @throws {AuthError} `refresh_invalid`, `refresh_expired`, `refresh_reused`, `session_revoked`
   */
  async refresh(
    token: string | PresentedRefreshToken,
    client: ClientInfo = UNKNOWN_CLIENT,
  ): Promise<IssuedTokens> {
    const presented = typeof token === 'string' ? this.refreshTokens.read(token) : token;
    return this.refresher.refresh(this.refreshTokens.accept(presented), client);
  }

  /** Ends the session of a refresh token of any generation, even an expired one. Anything else is ignored. */
  async logout(refreshToken: string): Promise<void> {
    await this.#endPresented(refreshToken, 'logout');
  }

  /** Ends every session of a user, on their own wish; returns how many. */
  async logoutAll(userId: string): Promise<number> {
    return this.ender.endAllOf(userId, 'logout_all');
  }

  /** A user's live sessions, the latest first. */
  async listSessions(userId: string): Promise<SessionSummary[]> {
    const rows = await this.store.listActive(userId, this.clock.now());
    return rows.map(({ id, createdAt, rotatedAt, expiresAt, ip, userAgent }) => ({
      id,
      createdAt: new Date(createdAt),
      lastUsedAt: new Date(rotatedAt),
      expiresAt: new Date(expiresAt),
      ip,
      userAgent,
    }));
  }

  /** Ends one session of a user; false if there is no live session of that user with this id. */
  async revokeSession(userId: string, sessionId: string): Promise<boolean> {
    return this.ender.endOne({ userId, sessionId }, 'revoked');
  }

  /** Ends every session of a user, by decision of the app (a disabled account, an incident); returns how many. */
  async revokeAllForUser(userId: string): Promise<number> {
    return this.ender.endAllOf(userId, 'revoked');
  }

  /** Ends every session of every user (a security incident); returns how many. */
  async revokeEverything(): Promise<number> {
    return this.ender.endEverything();
  }

  /**
   * Replaces a password and ends the user's other sessions (OWASP ASVS 7.4.3).
   * @param keepSessionId the session that goes on, usually the one that asked
   * @throws {AuthError} `invalid_credentials` for a wrong current password, `invalid_request` for a refused new one,
   * `session_revoked` when the user is gone or disabled
   */
  async changePassword(
    userId: string,
    { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
    keepSessionId?: string,
  ): Promise<void> {
    const user = await this.users.findById(userId);
    if (user === null || user.disabled) throw new AuthError('session_revoked', 'The user is gone.');
    const { matches } = await this.passwords.check(user.passwordHash, currentPassword);
    if (!matches) throw new AuthError('invalid_credentials', 'The current password is wrong.');
    const { username } = user.claims;
    this.#requireGoodPassword(
      'newPassword',
      newPassword,
      typeof username === 'string' ? username : null,
    );
    await this.users.updatePasswordHash(user.id, await this.passwords.hash(newPassword));
    this.events.emit({ type: 'password_changed', userId: user.id });
    await this.ender.endAllOf(user.id, 'password_changed', keepSessionId);
  }

  /** Deletes sessions that ended so long ago that nothing of them can be presented; returns how many. */
  async purgeExpired(): Promise<number> {
    return this.purger.purge();
  }

  /** The new session first: if the store fails between the two, the old session still stands. */
  async #start(
    type: 'login_succeeded' | 'registered',
    user: AppUser,
    client: ClientInfo,
    replaced: readonly string[],
  ): Promise<IssuedTokens> {
    const issued = await this.starter.start(user, client);
    const { userId, sessionId } = issued;
    this.events.emit({ type, userId, sessionId, ...client });
    for (const token of replaced) await this.#endPresented(token, 'new_login');
    return issued;
  }

  async #endPresented(refreshToken: string, reason: 'logout' | 'new_login'): Promise<void> {
    const presented = this.refreshTokens.read(refreshToken);
    if (presented !== null) await this.ender.endOne(presented, reason);
  }

  async #rehash(user: AppUser, password: string): Promise<void> {
    if (!this.users.canRehash) return;
    try {
      await this.users.updatePasswordHash(user.id, await this.passwords.hash(password));
    } catch (error) {
      this.#logger.warn(`The password of user ${user.id} could not be rehashed: ${String(error)}`);
    }
  }

  #requireGoodPassword(field: string, password: string, username: string | null): void {
    const { minLength } = this.settings.passwords;
    const refusal = passwordRefusal(password, { minLength, username });
    if (refusal !== null) throw new AuthError('invalid_request', `${field}: ${refusal}`);
  }
}
