/**
 * Checks password hashes from an earlier system, for example bcrypt. A hash that matches is replaced by argon2id at that
 * login, if the directory has `updatePasswordHash`.
 */
export interface PasswordHasher {
  /** Whether a stored hash is of this kind, judged by its form. */
  recognizes(storedHash: string): boolean;
  /** Whether the password matches the hash. The password is as typed, without Unicode normalization. */
  verify(storedHash: string, password: string): Promise<boolean>;
}

/** The token of the port: a list of {@link PasswordHasher}. */
export const PASSWORD_HASHERS = 'nestjs-refresh-auth:PASSWORD_HASHERS';
