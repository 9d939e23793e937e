/**
 * Checks password hashes that an earlier system left, such as bcrypt's. A hash that matches is replaced by argon2id at
 * that login, provided the directory has `updatePasswordHash`.
 */
export interface PasswordHasher {
  /** Whether a stored hash is of this kind, by its form. */
  recognizes(storedHash: string): boolean;
  /** Whether the password is the one that was hashed. It comes as it was typed, without Unicode normalization. */
  verify(storedHash: string, password: string): Promise<boolean>;
}
