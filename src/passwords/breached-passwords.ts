import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { BreachCheck } from './password-policy.js';

export interface BreachedPasswordsOptions {
  /** A service with the range protocol of Pwned Passwords. Default: Pwned Passwords itself. */
  url?: string;
  /** Milliseconds to wait for it. Default 1000. */
  timeoutMs?: number;
}

/**
 * Queries a list of leaked passwords by k-anonymity: only the first five hex digits of the SHA-1 are sent. If the
 * service doesn't respond, no password is refused because of it.
 */
export function breachedPasswords({
  url = 'https://api.pwnedpasswords.com/range/',
  timeoutMs = 1000,
}: BreachedPasswordsOptions = {}): BreachCheck {
  const logger = new Logger('AuthModule');
  return async (password) => {
    const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
    try {
      const response = await fetch(url + hash.slice(0, 5), {
        headers: { 'Add-Padding': 'true' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const lines = (await response.text()).split(/\r?\n/);
      return lines.some((line) => {
        const [suffix, count] = line.split(':');
        return suffix === hash.slice(5) && Number(count) > 0;
      });
    } catch (error) {
      logger.warn(`The list of leaked passwords can't be asked: ${(error as Error).message}`);
      return false;
    }
  };
}
