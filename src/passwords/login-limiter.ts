import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { AuthError } from '../errors/auth-error.js';

/** What is counted: failures of one account, from one address, of one known device; refreshes of one session. */
export type LimitedThing = 'account' | 'address' | 'device' | 'refresh';

/** Takes back what an attempt was charged, because it succeeded. */
export type Refund = () => Promise<void>;

/**
 * Ends guessing: so many failures per account and per address, then 429. Every attempt is charged before the password is
 * looked at, so that a burst can't slip through, and refunded when it succeeds.
 */
export class LoginLimiter {
  constructor(
    private readonly limiters: Readonly<
      Record<'account' | 'address' | 'device', RateLimiterAbstract>
    >,
  ) {}

  /**
   * An attempt from a device that nothing is known of.
   * @throws {AuthError} `too_many_attempts`, the same whether the account exists or not
   */
  async admitStranger(login: string, ip: string | null): Promise<Refund> {
    const address = ip === null ? null : networkOf(ip);
    const account = keyOf(login.normalize('NFKC').toLowerCase());
    if (address !== null) await this.#charge('address', address);
    await this.#charge('account', account);
    return async () => {
      await this.limiters.account.delete(account);
      if (address !== null) await this.limiters.address.reward(address, 1);
    };
  }

  /**
   * An attempt from a device that holds a token of this account's. It has a count of its own, so that strangers who
   * guess at the account can't lock its owner out.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitDevice(sessionId: string): Promise<Refund> {
    const device = keyOf(sessionId);
    await this.#charge('device', device);
    return async () => {
      await this.limiters.device.delete(device);
    };
  }

  async #charge(thing: 'account' | 'address' | 'device', key: string): Promise<void> {
    try {
      await this.limiters[thing].consume(key, 1);
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      const { msBeforeNext } = refusal as { msBeforeNext: number };
      throw tooManyAttempts(msBeforeNext);
    }
  }
}

export function tooManyAttempts(waitMs: number): AuthError {
  return new AuthError('too_many_attempts', 'Too many attempts. Try again later.', {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

/** Short and of one length, whatever was typed; and no login name lies in the limiter's store. */
function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** One customer has one IPv4 address, but a whole /64 of IPv6. */
export function networkOf(ip: string): string {
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const missing = address.includes('::') ? 8 - groups.length - last.length : 0;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...last];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
