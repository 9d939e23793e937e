import { createHash } from 'node:crypto';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { AuthError } from '../errors/auth-error.js';
import { networkOf } from '../options/ip-address.js';

/** What is counted: failures of an account, from an address, of a known device; registrations; refreshes of a session. */
export type LimitedThing = CountedHere | 'refresh';
type CountedHere = 'account' | 'address' | 'device' | 'registration';

/** What an attempt was charged before it was looked at. */
export interface Charge {
  /** The password was right: the failures before it are forgotten. */
  forget(): Promise<void>;
  /** The attempt came to no result (busy, an outage): it counts neither way. */
  giveBack(): Promise<void>;
}

/**
 * Ends guessing: so many failures per account and per address, then 429. Every attempt is charged before the password is
 * looked at, so that a burst can't slip through, and refunded when it succeeds.
 */
export class LoginLimiter {
  constructor(private readonly limiters: Readonly<Record<CountedHere, RateLimiterAbstract>>) {}

  /**
   * An attempt from a device that nothing is known of.
   * @throws {AuthError} `too_many_attempts`, the same whether the account exists or not
   */
  async admitStranger(login: string, ip: string | null): Promise<Charge> {
    const address = ip === null ? null : networkOf(ip);
    if (address !== null) await this.#charge('address', address);
    const account = await this.#admit('account', login.normalize('NFKC').toLowerCase());
    const giveBackAddress = async () => {
      if (address !== null) await this.limiters.address.reward(address, 1);
    };
    return {
      forget: async () => {
        await account.forget();
        await giveBackAddress();
      },
      giveBack: async () => {
        await account.giveBack();
        await giveBackAddress();
      },
    };
  }

  /**
   * The user that a stranger's attempt is for, however the name was spelled: a directory may compare more loosely.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitUser(userId: string): Promise<Charge> {
    return this.#admit('account', `id ${userId}`);
  }

  /**
   * An attempt from a device that holds a token of this account's. It has a count of its own, so that strangers who
   * guess at the account can't lock its owner out.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitDevice(sessionId: string): Promise<Charge> {
    return this.#admit('device', sessionId);
  }

  /**
   * A new user. Every one costs a hash, so the ones that succeed count too.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitRegistration(ip: string): Promise<Charge> {
    return this.#admit('registration', networkOf(ip));
  }

  async #admit(thing: Exclude<CountedHere, 'address'>, name: string): Promise<Charge> {
    const key = keyOf(name);
    await this.#charge(thing, key);
    return {
      forget: async () => void (await this.limiters[thing].delete(key)),
      giveBack: async () => void (await this.limiters[thing].reward(key, 1)),
    };
  }

  async #charge(thing: CountedHere, key: string): Promise<void> {
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
