/** What a user's id may be. The module itself has it as a text: a number in decimal digits, an ObjectId in hexadecimal ones. */
export type UserId = string | number | bigint | { toHexString(): string };

/** What the module needs to know about a user of the app. */
export interface DirectoryUser<Id extends UserId = UserId> {
  /**
   * Never changes and is never given to another user. A string of 1 to 255 characters, with a letter, a digit or an
   * emoji, without control or invisible characters or surrounding spaces, and not what a programming mistake produces
   * (`undefined`, `[object Promise]`); a safe integer; a bigint; or an object with `toHexString()` (MongoDB's
   * ObjectId).
   */
  id: Id;
  /**
   * argon2 hash in PHC form, or what one of the `passwordHashers` recognizes; null for a user without a password.
   * Never undefined: that is a column which the query left out, and becomes a 503.
   */
  passwordHash: string | null;
  /** A disabled user can't have a session: no login, no registration with a session, no `loginAs`, no refresh, and the next refresh ends all their sessions. Default false. */
  disabled?: boolean;
  /**
   * Copied into the access token and from there to `request.user`. Everyone who holds the token can read it: no
   * secrets. `iss`, `aud`, `sub`, `client_id`, `sid`, `jti`, `iat`, `exp` and `nbf` are ignored here: the module sets
   * its own. `id` and `sessionId` of `request.user` are always the user's and the session's.
   */
  claims?: Readonly<Record<string, unknown>>;
}

/** What `create` gets where `registration` has a schema: `create({ username, passwordHash, fields }: NewUser<Fields>)`. */
export interface NewUser<Fields extends object> {
  username: string;
  passwordHash: string;
  /** The further fields of the registration, as the schema returned them. */
  fields: Fields;
}

/**
 * The app's users. The module never writes to a user except through these methods.
 *
 * Read from the primary database: a user whom a replica doesn't have yet looks like a user who is gone. To say that
 * there is no such user, return null or throw Nest's `NotFoundException` or `GoneException`. What every other exception
 * means is a table in the reference. Most of them become 503 `store_unavailable`, which signs nobody out.
 */
export interface UserDirectory<Id extends UserId = UserId> {
  /**
   * The user with this login name, or null. The directory decides what is compared: name, e-mail, case. A name with
   * capitals, or with wide or decomposed letters, is queried as typed and in lower case with usual, composed letters.
   * Before a registration at most eight names are queried: those that look like the new one, in any script.
   */
  findByLogin(login: string): Promise<DirectoryUser<Id> | null>;
  /**
   * The user with exactly this id, or null if the user is gone: the sessions then end. Called once per refresh, and
   * once or a few times with every login, registration, `loginAs` and change of password.
   */
  findById(id: string): Promise<DirectoryUser<Id> | null>;
  /**
   * Creates a user, or resolves to null if the name is taken, in any case. The name comes in NFC. Never returns a user
   * who existed before. From then on `findById` must find the user. Needed for registration.
   */
  create?(user: {
    username: string;
    passwordHash: string;
    fields?: object;
  }): Promise<DirectoryUser<Id> | null>;
  /**
   * Replaces a password hash, but only if it is still `previousHash`: the password may have changed since it was
   * checked. Use one statement (`UPDATE … WHERE id = … AND password_hash = …`), so that of two simultaneous changes one
   * wins. Resolves to whether it was replaced. If it resolves to nothing, the module reads the hash with `findById`.
   * Needed for `POST password`, for `setPassword`, and for rehashing when the argon2 parameters rise.
   * @param previousHash null for a user who had no password: compare with `IS NULL` then
   */
  updatePasswordHash?(
    id: string,
    passwordHash: string,
    previousHash: string | null,
    // oxlint-disable-next-line typescript/no-invalid-void-type -- directories written for older versions return nothing
  ): Promise<boolean | void>;
}

/** The token of the port: a {@link UserDirectory}. */
export const USER_DIRECTORY = 'nestjs-refresh-auth:USER_DIRECTORY';
