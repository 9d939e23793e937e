import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { networkOf } from '../input/ip-address.js';
import { AttemptCounter, type CallStore, type Charge } from './attempt-counter.js';
import type { LimitedThing } from './limiters.js';

/** How the counters are made: the limiters, whatever bounds the wait for them, and the app among others. */
export interface LoginLimiterParts {
  limiters: Readonly<Record<LimitedThing, RateLimiterAbstract>>;
  callStore: CallStore;
  /** Apps that share a database may have users with the same id. */
  realm: string;
}

/**
 * Stops password guessing: a number of failures of each kind, then 429. Charges are settled when the attempt has ended.
 */
export class LoginLimiter {
  readonly #counters: Readonly<Record<LimitedThing, AttemptCounter>>;

  constructor({ limiters, callStore, realm }: LoginLimiterParts) {
    const counter = (thing: LimitedThing) => new AttemptCounter(limiters[thing], callStore, realm);
    this.#counters = {
      name: counter('name'),
      user: counter('user'),
      address: counter('address'),
      device: counter('device'),
      password: counter('password'),
      registration: counter('registration'),
    };
  }

  /**
   * An attempt from an unknown device. Counts by the name as it was typed, before it is known whether the user exists.
   * @throws {AuthError} `too_many_attempts`, the same whether the user exists or not
   */
  async admitUnknownDevice(login: string, ip: string | null): Promise<Charge[]> {
    const address = await this.#chargeAddress(ip);
    return withCharges(address, () => this.#counters.name.charge(folded(login)));
  }

  /**
   * Whether the result of an attempt from an unknown device may be revealed. A directory may find one user by many
   * names, and each name has its own count; together they may fail no more often than one name. A 429 would reveal
   * which names belong to one user, so past the limit even the right password is called wrong. Checked for every
   * attempt, also for unknown users, so that the two look the same.
   */
  mayReveal(userId: string | null, login: string): Promise<boolean> {
    return userId === null
      ? this.#counters.user.count('nobody', folded(login))
      : this.#counters.user.count('id', userId);
  }

  /** After the right password from an unknown device: this user's failures are forgotten. */
  forgetUser(userId: string): Promise<void> {
    return this.#counters.user.forget('id', userId);
  }

  /**
   * An attempt from a device known to belong to this user. It has its own count, so that strangers who guess passwords
   * can't lock the owner out.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitKnownDevice(userId: string, deviceId: string): Promise<Charge[]> {
    return [await this.#counters.device.charge(userId, deviceId)];
  }

  /**
   * A logged-in user gives the current password.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitPasswordChange(
    userId: string,
    sessionId: string | null,
    ip: string | null,
  ): Promise<Charge[]> {
    const address = await this.#chargeAddress(ip);
    return withCharges(address, () => this.#counters.password.charge(userId, sessionId));
  }

  /**
   * A new user. Each one costs a hash, so successes count too.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitRegistration(ip: string | null): Promise<Charge[]> {
    if (ip === null) return [];
    const charge = await this.#counters.registration.charge(networkOf(ip));
    return [{ ...charge, forget: () => charge.keep() }];
  }

  /**
   * A success returns only its own charge: a guesser must not reset the address's failures by logging in to an own
   * account.
   */
  async #chargeAddress(ip: string | null): Promise<Charge[]> {
    if (ip === null) return [];
    const charge = await this.#counters.address.charge(networkOf(ip));
    return [{ ...charge, forget: () => charge.refund() }];
  }
}

/** Adds one charge to others; if it is refused, the others count. */
async function withCharges(others: Charge[], admit: () => Promise<Charge>): Promise<Charge[]> {
  try {
    return [...others, await admit()];
  } catch (refusal) {
    for (const charge of others) await charge.keep();
    throw refusal;
  }
}

/**
 * Maps variants of a name that most directories treat as equal. It need not be exact: see {@link
 * LoginLimiter.mayReveal}.
 */
function folded(login: string): string {
  return login.normalize('NFKC').toLowerCase();
}
