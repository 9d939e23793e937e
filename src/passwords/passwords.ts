import { Logger } from '@nestjs/common';
import argon2 from 'argon2';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { textOf } from '../errors/text-of.js';
import { withinTime } from '../runtime/time-limit.js';
import type { RandomSource } from '../runtime/random-source.js';
import { isWeaker, usableArgon2Cost } from './argon2-hash.js';
import type { Turn } from '../runtime/fair-queue.js';
import { HashingPool } from './hashing-pool.js';
import { markedSalt } from './marked-salt.js';
import type { PasswordHasher } from './password-hasher.js';

/** A custom hasher that never returns must not occupy one of the few places forever. */
const LONGEST_WAIT_MS = 10_000;

export interface PasswordSettings {
  /** KiB */
  memoryCost: number;
  timeCost: number;
  parallelism: number;
  concurrency: number;
  longestQueue: number;
}

export interface PasswordCheck {
  matches: boolean;
  /** The stored hash is from an earlier system, or weaker than the current settings. */
  isOutdated: boolean;
}

/** Hashes and checks passwords with argon2id (RFC 9106; OWASP's parameters by default). */
export class Passwords {
  readonly #logger = new Logger('AuthModule');
  readonly #pool: HashingPool;
  readonly #parameters: { memoryCost: number; timeCost: number; parallelism: number };
  #decoy: Promise<string> | undefined;

  constructor(
    settings: PasswordSettings,
    private readonly random: RandomSource,
    private readonly earlier: readonly PasswordHasher[],
  ) {
    const { memoryCost, timeCost, parallelism } = settings;
    this.#parameters = { memoryCost, timeCost, parallelism };
    this.#pool = new HashingPool(settings);
  }

  /**
   * @param setBy who sets the password, so that the hash can later be recognized as theirs: see {@link markedSalt}
   * @throws {AuthError} `busy`
   */
  hash(password: string, turn?: Turn, setBy?: string): Promise<string> {
    const salt = setBy === undefined ? undefined : markedSalt(this.random.bytes(8), setBy);
    return this.#pool.run(() => this.#hash(password, salt), turn);
  }

  /**
   * Checks a password. Without a stored hash it spends the same time on a decoy with the same parameters, so that an
   * unknown user takes as long as a wrong password (OWASP ASVS 6.3.8).
   * @throws {AuthError} `busy`
   */
  async check(storedHash: string | null, password: string, turn?: Turn): Promise<PasswordCheck> {
    const decoy = await this.decoy();
    return this.#pool.run(async () => {
      const known = storedHash === null ? null : await this.#checkStored(storedHash, password);
      if (known !== null) return known;
      await argon2.verify(decoy, normalized(password));
      return { matches: false, isOutdated: false };
    }, turn);
  }

  /** Computed at boot, so that the first unknown user takes no longer than the next. If it fails, the next caller tries. */
  decoy(): Promise<string> {
    this.#decoy ??= this.#hash(this.#unknown()).catch((error: unknown) => {
      this.#decoy = undefined;
      throw error;
    });
    return this.#decoy;
  }

  /**
   * Whether passwords can be hashed at this cost, and the hashes be checked later.
   * @throws {AuthConfigurationError} otherwise: nobody could log in, or not for long
   */
  async tryOut(): Promise<void> {
    const hash = await this.decoy().catch((error: unknown) => {
      const { memoryCost, timeCost, parallelism } = this.#parameters;
      throw new AuthConfigurationError(
        `no password can be hashed with passwords.memoryCost ${memoryCost} (KiB), timeCost ${timeCost} and parallelism ${parallelism}: ${textOf(error)}. Lower them, or give the app more memory.`,
        { cause: error },
      );
    });
    const place = this.earlier.findIndex((hasher, i) => recognizes(hasher, hash, i));
    if (place === -1) return;
    const password = this.#unknown();
    if ((await this.check(await this.#hash(password), password)).matches) return;
    throw new AuthConfigurationError(
      `passwordHashers[${place}] recognizes the hashes that this module makes, and doesn't verify them: let recognizes() return true for hashes of the earlier system only.`,
    );
  }

  /** A password that nobody knows. */
  #unknown(): string {
    return this.random.bytes(32).toString('base64url');
  }

  /** A hash that {@link check} would refuse is no hash: stored, it would lock its user out. */
  async #hash(password: string, salt?: Buffer): Promise<string> {
    const hash = await argon2.hash(normalized(password), {
      ...this.#parameters,
      type: argon2.argon2id,
      ...(salt && { salt }),
    });
    if (usableArgon2Cost(hash) === null) throw new Error('The new hash is not within bounds');
    return hash;
  }

  /** Null for a hash that can't be checked. */
  async #checkStored(storedHash: string, password: string): Promise<PasswordCheck | null> {
    try {
      const earlier = this.earlier.find((hasher) => hasher.recognizes(storedHash));
      if (earlier !== undefined) {
        return {
          matches: await withinTime(earlier.verify(storedHash, password), LONGEST_WAIT_MS),
          isOutdated: true,
        };
      }
      const cost = usableArgon2Cost(storedHash);
      if (cost !== null) {
        return {
          matches: await argon2.verify(storedHash, normalized(password)),
          isOutdated: isWeaker(cost, this.#parameters),
        };
      }
      this.#logger.error(
        'A stored password hash is neither argon2 within bounds nor known to a passwordHashers entry: its user can not log in.',
      );
    } catch (error) {
      this.#logger.error(
        `A stored password hash can not be checked: ${error instanceof Error ? error.message : textOf(error)}`,
      );
    }
    return null;
  }
}

/** @throws {AuthConfigurationError} if it fails with a hash that is not its own: all hashes of this module are shown to it */
function recognizes(hasher: PasswordHasher, hash: string, place: number): boolean {
  try {
    return hasher.recognizes(hash);
  } catch (error) {
    throw new AuthConfigurationError(
      `passwordHashers[${place}].recognizes() threw for a hash of this module: ${textOf(error)}. Let it return false.`,
      { cause: error },
    );
  }
}

/** NIST SP 800-63B-4 §3.1.1.2: the same text typed on two keyboards is the same password. */
function normalized(password: string): string {
  return password.normalize('NFC');
}
