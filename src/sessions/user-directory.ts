/** What the module needs to know of one of the app's users. */
export interface DirectoryUser {
  /** Never changes and is never given to another user. */
  id: string | number;
  /** argon2 hash in PHC form, or null for a user who has no password. */
  passwordHash: string | null;
  /** A disabled user can't log in or refresh, and the next refresh ends all their sessions. Default false. */
  disabled?: boolean;
  /** Goes into the access token and from there to `request.user`, readable by whoever holds the token: no secrets. */
  claims?: Readonly<Record<string, unknown>>;
}

/**
 * The app's users. The module never writes to a user beyond these methods.
 * Whatever a method throws, or no answer within four seconds, is told to the client as 503 `store_unavailable`;
 * a Nest `HttpException` with a status below 500 passes as it is.
 */
export interface UserDirectory {
  /** The user with this login name, or null. The directory decides what is compared: name, e-mail, case. */
  findByLogin(login: string): Promise<DirectoryUser | null>;
  /** The user with this id, or null if it is gone: the sessions then end. Called once per refresh. */
  findById(id: string): Promise<DirectoryUser | null>;
  /** Creates a user, or resolves to null when the name is taken. Needed for registration. */
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
