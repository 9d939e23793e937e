/**
 * What argon2 may cost: `least` for a new hash, `most` for a new and for a stored one, which must not be refused after it
 * was made. (One with m=4 GiB takes 18 seconds and all the memory.) The least memory is more than the 8 KiB per lane that
 * RFC 9106 §3.1 asks for.
 */
export const ARGON2_COST = {
  /** KiB */
  memoryCost: { least: 19456, most: 1024 * 1024 },
  timeCost: { least: 2, most: 32 },
  parallelism: { least: 1, most: 16 },
} as const;

/** Longest password that is hashed, in UTF-16 units. It limits the server's work and is far above any passphrase. */
export const LONGEST_PASSWORD = 1024;
