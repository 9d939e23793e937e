/** What the module needs to know of one of the app's users. */
export interface DirectoryUser {
  /**
   * Never changes and is never given to another user. A text of 1 to 255 characters, with a letter, a digit or an
   * emoji, without control or invisible characters or spaces around it, and not what a mistake makes of no id
   * (`undefined`, `[object Promise]`); a safe integer; a bigint; or an object with `toHexString()` (MongoDB's ObjectId).
   */
  id: string | number | bigint | { toHexString(): string };
  /** argon2 hash in PHC form, or null for a user who has no password. Undefined counts as null, and is logged as a mistake. */
  passwordHash: string | null;
  /** A disabled user can't have a session: no login, no registration with a session, no `loginAs`, no refresh, and the next refresh ends all their sessions. Default false. */
  disabled?: boolean;
  /**
   * Goes into the access token and from there to `request.user`, readable by whoever holds the token: no secrets. The
   * module's own win over yours: of `iss`, `aud`, `sub`, `client_id`, `sid`, `jti`, `iat`, `exp` and `nbf` none is taken,
   * and `id` and `sessionId` of `request.user` are the user's and the session's.
   */
  claims?: Readonly<Record<string, unknown>>;
}

/**
 * The app's users. The module never writes to a user beyond these methods.
 *
 * A method may throw to say that there is no such user: Nest's `NotFoundException` or `GoneException`, or an ORM's own
 * (TypeORM's `EntityNotFoundError`); that is the same as null, and ends the user's sessions. Read where you write, so
 * that a replica that is behind doesn't say it. From `findByLogin` every Nest `HttpException` of the 400s that decides
 * something (not 408, 425 and 429) means that nobody of this name may log in. What `create` and `updatePasswordHash`
 * refuse by such an exception is told to the client in its words, as `invalid_request`; 409 is `username_taken`, or a
 * hash that was another by then, and 429 `too_many_attempts`. Everything else that is thrown, a user who is none, or no
 * answer within four seconds, is 503 `store_unavailable`.
 */
export interface UserDirectory {
  /**
   * The user with this login name, or null. The directory decides what is compared: name, e-mail, case. A name with
   * capitals, or wide or decomposed letters, is asked for as it was typed and in small, usual, composed ones. Before a
   * registration up to 17 names are asked for: those that the new one could be taken for, in whatever script.
   */
  findByLogin(login: string): Promise<DirectoryUser | null>;
  /**
   * The user with this id and no other, or null if it is gone: the sessions then end. Asked once per refresh, and with
   * every login, registration, `loginAs` and change of password once or a few times.
   */
  findById(id: string): Promise<DirectoryUser | null>;
  /**
   * Creates a user, or resolves to null when the name is taken, in whatever case; the name comes in NFC. It never returns one who was there before. From then on
   * `findById` knows the user. Needed for registration.
   */
  create?(user: { username: string; passwordHash: string }): Promise<DirectoryUser | null>;
  /**
   * Replaces a password hash, but only `previousHash`: the password may have been changed since that was checked. One
   * statement does both (`UPDATE … WHERE id = … AND password_hash = …`), so that of two changes at once one wins.
   * Resolves to whether it replaced it. A directory that resolves to nothing is asked by `findById` which hash it has
   * now. Needed for `POST password`, and for rehashing when the argon2 parameters rise.
   */
  updatePasswordHash?(
    id: string,
    passwordHash: string,
    previousHash: string,
    // oxlint-disable-next-line typescript/no-invalid-void-type -- what a method that was written before says
  ): Promise<boolean | void>;
}

export const USER_DIRECTORY = Symbol('nestjs-refresh-auth user directory');
