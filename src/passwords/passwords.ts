import { Logger } from '@nestjs/common';
import argon2 from 'argon2';
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

  /** Computed at boot, so that the first unknown user takes no longer than the next. */
  decoy(): Promise<string> {
    this.#decoy ??= this.#hash(this.random.bytes(32).toString('base64url'));
    return this.#decoy;
  }

  #hash(password: string, salt?: Buffer): Promise<string> {
    return argon2.hash(normalized(password), {
      ...this.#parameters,
      type: argon2.argon2id,
      ...(salt && { salt }),
    });
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

/** NIST SP 800-63B-4 §3.1.1.2: the same text typed on two keyboards is the same password. */
function normalized(password: string): string {
  return password.normalize('NFC');
}
