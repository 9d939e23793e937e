import argon2 from 'argon2';
import { Logger } from '@nestjs/common';
import type { RandomSource } from '../options/time-and-randomness.js';

export interface Argon2Parameters {
  /** KiB */
  memoryCost: number;
  timeCost: number;
  parallelism: number;
}

export interface PasswordCheck {
  matches: boolean;
  /** The stored hash has weaker parameters than are configured now. */
  isOutdated: boolean;
}

/** Hashes and checks passwords with argon2id (RFC 9106; OWASP's parameters by default). */
export class Passwords {
  readonly #logger = new Logger('AuthModule');
  #decoy: Promise<string> | undefined;

  constructor(
    private readonly parameters: Argon2Parameters,
    private readonly random: RandomSource,
  ) {}

  hash(password: string): Promise<string> {
    return argon2.hash(normalized(password), { ...this.parameters, type: argon2.argon2id });
  }

  /**
   * Checks a password. Without a stored hash it spends the same time on a decoy of the same parameters, so that
   * an unknown user takes as long as a wrong password (OWASP ASVS 6.3.8).
   */
  async check(storedHash: string | null, password: string): Promise<PasswordCheck> {
    if (storedHash !== null) {
      try {
        return {
          matches: await argon2.verify(storedHash, normalized(password)),
          isOutdated: argon2.needsRehash(storedHash, this.parameters),
        };
      } catch (error) {
        this.#logger.error(
          `A stored password hash can't be read, so its user can't log in: ${(error as Error).message}`,
        );
      }
    }
    await argon2.verify(await this.decoy(), normalized(password));
    return { matches: false, isOutdated: false };
  }

  /** Prepared at boot, so that the first unknown user takes no longer than the next. */
  decoy(): Promise<string> {
    this.#decoy ??= this.hash(this.random.bytes(32).toString('base64url'));
    return this.#decoy;
  }
}

/** NIST SP 800-63B-4 §3.1.1.2: the same text typed on two keyboards is the same password. */
function normalized(password: string): string {
  return password.normalize('NFC');
}
