import { MOST_LISTED } from './options/auth-options-schema.js';
import type { Clock } from './runtime/clock.js';
import type { PresentedRefreshToken, RefreshTokens } from './tokens/refresh-tokens.js';
import type { Accounts } from './accounts/accounts.js';
import type { AuthEvents } from './events/auth-events.js';
import type { AppUser } from './users/app-user.js';
import { readClient, UNKNOWN_CLIENT, type ClientInfo } from './events/client-info.js';
import type { IssuedTokens, RefreshTokenToKeep } from './sessions/issued-tokens.js';
import type { KnownDevices, Presented } from './accounts/known-devices.js';
import {
  readCredentials,
  readRegistration,
  type Credentials,
  type PasswordChange,
  type PasswordLogin,
  type Registration,
} from './accounts/password-login.js';
import type { RefreshTokenStore } from './sessions/refresh-token-store.js';
import type { Refusals } from './events/refusals.js';
import { isSessionId, requireSessionIdOrNone } from './sessions/session-id.js';
import { requireUserId } from './users/require-user-id.js';
import type { UserId } from './users/user-directory.js';
import { textsOf } from './input/fields.js';
import type { EndSessions } from './sessions/end-sessions.js';
import type { PurgeSessions } from './sessions/purge-sessions.js';
import type { RefreshSession } from './sessions/refresh-session.js';
import type { StartSession } from './sessions/start-session.js';

/** One session as its owner sees it. */
export interface SessionSummary {
  id: string;
  createdAt: Date;
  /** When the session last rotated, which it does at most once per leeway. */
  lastUsedAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

/** What {@link AuthService} works with. */
export interface AuthServiceParts {
  login: PasswordLogin;
  accounts: Accounts;
  devices: KnownDevices;
  starter: StartSession;
  refresher: RefreshSession;
  ender: EndSessions;
  purger: PurgeSessions;
  refreshTokens: RefreshTokens;
  store: RefreshTokenStore;
  events: AuthEvents;
  refusals: Refusals;
  clock: Clock;
}

/** A user who has just logged in or registered, and what came with the request. */
interface Entrance {
  type: 'login_succeeded' | 'registered';
  user: AppUser;
  client: ClientInfo;
  presented: Presented;
}

/**
 * Login sessions, without HTTP: what the controller does can be done from a resolver, a gateway or a script.
 * Every method can fail with `AuthError` `store_unavailable`, and has then lost nothing, and with `invalid_request` for what
 * is of the wrong type.
 */
export class AuthService {
  readonly #parts: AuthServiceParts;

  constructor(parts: AuthServiceParts) {
    this.#parts = parts;
  }

  /**
   * Starts a session for a user who knows the password.
   * @param replaced refresh tokens that came with the login: their sessions are ended (OWASP ASVS 7.2.4), and one of the
   * account's keeps strangers' failures from locking this device out
   * @param deviceToken the device token of an earlier login: does the same, also after a logout
   * @throws {AuthError} `invalid_credentials`, the same for an unknown user, a wrong password and a disabled user;
   * `too_many_attempts`; `busy`
   */
  async login(
    credentials: Credentials,
    client: ClientInfo = UNKNOWN_CLIENT,
    replaced: readonly string[] = [],
    deviceToken = '',
  ): Promise<IssuedTokens> {
    const from = readClient(client);
    const given = readCredentials(credentials);
    const presented = this.#presented(replaced, deviceToken);
    const refused = { where: 'login', client: from, username: given.username };
    return this.#parts.refusals.reporting(refused, async () => {
      const user = await this.#parts.login.authenticate(given, from, presented);
      return this.#start({ type: 'login_succeeded', user, client: from, presented }, () =>
        this.#parts.login.confirmUnchanged(user, given, from),
      );
    });
  }

  /**
   * Creates a user and starts a session.
   * @throws {AuthError} `username_taken`; `invalid_request` for a password that the policy refuses; `invalid_credentials`
   * where the directory created the user as disabled: there is a user then, and no session; `too_many_attempts` from one
   * address; `busy`
   */
  async register(
    registration: Registration,
    client: ClientInfo = UNKNOWN_CLIENT,
    replaced: readonly string[] = [],
    deviceToken = '',
  ): Promise<IssuedTokens> {
    const from = readClient(client);
    const given = readRegistration(registration);
    const presented = this.#presented(replaced, deviceToken);
    const refused = { where: 'register', client: from, username: given.username };
    return this.#parts.refusals.reporting(refused, async () => {
      const user = await this.#parts.accounts.create(given, from);
      return this.#start({ type: 'registered', user, client: from, presented }, () =>
        this.#parts.accounts.confirmCreated(user, given, from),
      );
    });
  }

  /**
   * Starts a session for a user whom the app authenticated by itself: with a passkey, a code, another provider.
   * @throws {AuthError} `session_revoked` when the user is gone or disabled, `busy`
   */
  async loginAs(
    userId: UserId,
    client: ClientInfo = UNKNOWN_CLIENT,
    replaced: readonly string[] = [],
    deviceToken = '',
  ): Promise<IssuedTokens> {
    const id = requireUserId(userId);
    const from = readClient(client);
    const presented = this.#presented(replaced, deviceToken);
    return this.#parts.refusals.reporting(
      { where: 'loginAs', client: from, userId: id },
      async () => {
        const user = await this.#parts.accounts.require(id);
        return this.#start({ type: 'login_succeeded', user, client: from, presented }, async () => {
          await this.#parts.accounts.requireSettled(user.id);
        });
      },
    );
  }

  /**
   * Trades a refresh token for a new access token and, where it is due, for its successor.
   * Idempotent: the same token within the leeway gets the same successor.
   * @throws {AuthError} `refresh_invalid`, `refresh_expired`, `refresh_reused`, `session_revoked`, `too_many_attempts`,
   * `busy`
   */
  async refresh(
    token: string | PresentedRefreshToken,
    client: ClientInfo = UNKNOWN_CLIENT,
  ): Promise<IssuedTokens> {
    const { refreshTokens, refresher, refusals } = this.#parts;
    const from = readClient(client);
    let accepted: PresentedRefreshToken | undefined;
    try {
      accepted = refreshTokens.accept(token);
      return await refresher.refresh(accepted, from);
    } catch (error) {
      const { userId = null, sessionId = null } = accepted ?? {};
      refusals.report(error, { where: 'refresh', client: from, userId, sessionId });
      throw error;
    }
  }

  /** Ends the session of a refresh token of any generation, even an expired one. Anything else is ignored. */
  async logout(refreshToken: string): Promise<void> {
    for (const token of this.#genuine([refreshToken])) {
      await this.#parts.ender.endOne(token, 'logout');
    }
  }

  /** Ends every session of a user, at their own request; returns how many. */
  async logoutAll(userId: UserId): Promise<number> {
    return this.#parts.ender.endAllOf(requireUserId(userId), 'logout_all');
  }

  /** A user's live sessions, the latest first; at most a thousand. */
  async listSessions(userId: UserId): Promise<SessionSummary[]> {
    const { store, clock } = this.#parts;
    const rows = await store.listActive(requireUserId(userId), clock.now(), MOST_LISTED);
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
  async revokeSession(userId: UserId, sessionId: string): Promise<boolean> {
    const target = { userId: requireUserId(userId), sessionId };
    return isSessionId(sessionId) && this.#parts.ender.endOne(target, 'revoked');
  }

  /** Ends every session of a user, by decision of the app (a disabled account, an incident); returns how many. */
  async revokeAllForUser(userId: UserId): Promise<number> {
    return this.#parts.ender.endAllOf(requireUserId(userId), 'revoked');
  }

  /** Ends every session of every user, and forgets all devices (a security incident); returns how many sessions. */
  async revokeEverything(): Promise<number> {
    return this.#parts.ender.endEverything();
  }

  /**
   * Replaces a password and ends the user's other sessions (OWASP ASVS 7.4.3). The session that continues gets a new refresh
   * token, and its earlier tokens are refused from then on, whoever holds a copy (7.2.4).
   * @param keepSessionId the session that continues, usually the one of the request
   * @param client where the request came from: wrong current passwords count against its address too
   * @returns the refresh token of the session that continues: send it to the client. Null if none continues, or if the
   * request is a repeated one and the client has used the new token already: then it keeps the token that it has.
   * @throws {AuthError} `invalid_credentials` for a wrong current password, and if the session that should continue has
   * ended, or another change of the password was faster; `invalid_request` for a refused new one; `session_revoked` when
   * the user is gone or disabled; `too_many_attempts`, `busy`
   */
  async changePassword(
    userId: UserId,
    change: PasswordChange,
    keepSessionId: string | null = null,
    client: ClientInfo = UNKNOWN_CLIENT,
  ): Promise<RefreshTokenToKeep | null> {
    const from = readClient(client);
    const id = requireUserId(userId);
    const kept = requireSessionIdOrNone(keepSessionId);
    const { accounts, refusals } = this.#parts;
    const refused = { where: 'password', client: from, userId: id, sessionId: kept };
    return refusals.reporting(refused, () => accounts.changePassword(id, change, kept, from));
  }

  /**
   * The hash of a new password as registration would store it: argon2id in PHC form, with the configured costs. For seeds,
   * imports and a reset route of the app's own, which also calls {@link revokeAllForUser}.
   * @param ownWords the user's own words, such as name and e-mail address: the password must not be made of them
   * @param client where the request came from, if there is one: networks take turns if many passwords wait to be hashed
   * @throws {AuthError} `invalid_request` for a password that the policy refuses, with the reason; `busy`
   */
  async hashPassword(
    password: string,
    ownWords: readonly string[] = [],
    client: ClientInfo = UNKNOWN_CLIENT,
  ): Promise<string> {
    return this.#parts.accounts.hashPassword(
      password,
      textsOf(ownWords, 'ownWords'),
      readClient(client),
    );
  }

  /**
   * Sets a user's password without the old one, and ends every session of the user: for invitations, resets by an
   * administrator, and a reset route of the app's own. Disabled users and users without a password can have one set.
   * @param client where the request came from, if there is one
   * @throws {AuthError} `invalid_request` for a user who isn't there, or a password that the policy refuses, with the
   * reason; `busy`
   */
  async setPassword(
    userId: UserId,
    newPassword: string,
    client: ClientInfo = UNKNOWN_CLIENT,
  ): Promise<void> {
    await this.#parts.accounts.setPassword(requireUserId(userId), newPassword, readClient(client));
  }

  /**
   * Deletes sessions that were ended, or passed their absolute end, more than a day ago; returns how many. Runs by itself
   * unless `purge.interval` is false.
   */
  async purgeExpired(): Promise<number> {
    return this.#parts.purger.purge();
  }

  /**
   * The new session first: if the store fails between the two, the old session still stands.
   * @param confirm checks again whether the user may log in, now that ending all of their sessions ends this one too
   */
  async #start(
    { type, user, client, presented }: Entrance,
    confirm: () => Promise<void>,
  ): Promise<IssuedTokens> {
    const { starter, events, ender, devices } = this.#parts;
    const issued = await starter.start(user, client);
    const { userId, sessionId } = issued;
    try {
      await confirm();
    } catch (refusal) {
      await ender.endOne(issued, 'revoked');
      throw refusal;
    }
    events.emit({ type, userId, sessionId, ...client });
    for (const token of presented.refreshTokens) await ender.endOne(token, 'new_login');
    await starter.endOldest(userId);
    return { ...issued, device: await devices.remember(issued, presented.devices) };
  }

  #presented(tokens: unknown, deviceToken: unknown): Presented {
    return {
      refreshTokens: this.#genuine(tokens),
      devices: this.#parts.devices.read(deviceToken),
    };
  }

  #genuine(tokens: unknown): PresentedRefreshToken[] {
    return textsOf(tokens, 'replaced')
      .map((token) => this.#parts.refreshTokens.read(token))
      .filter((token) => token !== null);
  }
}
