import { AuthConfigurationError } from '../errors/configuration-error.js';
import type { PasswordOptions } from './auth-options.js';
import { atLeast } from './checked-values.js';

export interface PasswordPolicySettings {
  memoryCost: number;
  timeCost: number;
  parallelism: number;
  minLength: number;
  contextWords: readonly string[];
  concurrency: number;
  longestQueue: number;
}

/** One of libuv's four threads stays free for everything else. */
const MOST_CONCURRENT = 3;

/** @throws {AuthConfigurationError} */
export function passwordSettings(options: PasswordOptions = {}): PasswordPolicySettings {
  const concurrency = atLeast('passwords.concurrency', options.concurrency ?? 2, 1);
  if (concurrency > MOST_CONCURRENT) {
    throw new AuthConfigurationError(
      `passwords.concurrency must be at most ${MOST_CONCURRENT}: Node has four threads for files, DNS and hashing together.`,
    );
  }
  return {
    memoryCost: atLeast('passwords.memoryCost', options.memoryCost ?? 19456, 19456),
    timeCost: atLeast('passwords.timeCost', options.timeCost ?? 2, 2),
    parallelism: atLeast('passwords.parallelism', options.parallelism ?? 1, 1),
    minLength: atLeast('passwords.minLength', options.minLength ?? 15, 8),
    contextWords: options.contextWords ?? [],
    concurrency,
    longestQueue: atLeast('passwords.longestQueue', options.longestQueue ?? 100, 0),
  };
}
