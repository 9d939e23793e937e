import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { networkOf } from '../input/ip-address.js';
import { AttemptCounter, type AskStore, type Charge } from './attempt-counter.js';

/**
 * What is counted, each by a counter of its own: failures at a name as it was typed, at a user, from an address, on a
 * known device, of a session that changes its password; registrations; refreshes of a session.
 */
export type LimitedThing = CountedHere | 'refresh';
type CountedHere = 'name' | 'user' | 'address' | 'device' | 'password' | 'registration';

/** How the counters are made: the limiters, whatever bounds the wait for them, and the app among others. */
export interface LoginLimiterParts {
  limiters: Readonly<Record<CountedHere, RateLimiterAbstract>>;
  ask: AskStore;
  /** Apps that share a database have users of the same id. */
  realm: string;
}

/** Ends guessing: so many failures of each thing, then 429. What a charge costs is settled when the attempt has ended. */
export class LoginLimiter {
  readonly #counters: Readonly<Record<CountedHere, AttemptCounter>>;

  constructor({ limiters, ask, realm }: LoginLimiterParts) {
    const counter = (thing: CountedHere) => new AttemptCounter(limiters[thing], ask, realm);
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
   * An attempt from a device that nothing is known of. Counts by the name as it was typed, before anybody looks whether
   * there is such a user.
   * @throws {AuthError} `too_many_attempts`, the same whether the user exists or not
   */
  async admitStranger(login: string, ip: string | null): Promise<Charge[]> {
    const address = await this.#chargeAddress(ip);
    return beside(address, () => this.#counters.name.charge(folded(login)));
  }

  /**
   * Whether what a stranger's attempt came to may be told. A directory may find one user by many names, and each name
   * has a count of its own; together they may fail no more often than one. A 429 would tell which names are one user's, so
   * past the limit even the right password is called wrong. Asked of every attempt, and of unknown users too, so that
   * nothing tells them apart.
   */
  mayTell(userId: string | null, login: string): Promise<boolean> {
    return userId === null
      ? this.#counters.user.count('nobody', folded(login))
      : this.#counters.user.count('id', userId);
  }

  /** After a stranger's right password: the failures at this user are forgotten. */
  forgetUser(userId: string): Promise<void> {
    return this.#counters.user.forget('id', userId);
  }

  /**
   * An attempt from a device that is known to belong to this user. It has a count of its own, so that strangers who
   * guess at the account can't lock its owner out.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitDevice(userId: string, deviceId: string): Promise<Charge[]> {
    return [await this.#counters.device.charge(userId, deviceId)];
  }

  /**
   * A user who is logged in and says the current password.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitPasswordChange(
    userId: string,
    sessionId: string | null,
    ip: string | null,
  ): Promise<Charge[]> {
    const address = await this.#chargeAddress(ip);
    const session = sessionId === null ? [] : [sessionId];
    return beside(address, () => this.#counters.password.charge(userId, ...session));
  }

  /**
   * A new user. Every one costs a hash, so the ones that succeed count too.
   * @throws {AuthError} `too_many_attempts`
   */
  async admitRegistration(ip: string | null): Promise<Charge[]> {
    if (ip === null) return [];
    const charge = await this.#counters.registration.charge(networkOf(ip));
    return [{ ...charge, forget: () => charge.keep() }];
  }

  /** A success gives back its own charge alone: a guesser can't wipe an address's failures with an own account. */
  async #chargeAddress(ip: string | null): Promise<Charge[]> {
    if (ip === null) return [];
    const charge = await this.#counters.address.charge(networkOf(ip));
    return [{ ...charge, forget: () => charge.giveBack() }];
  }
}

/** One charge beside others, which count if it is refused. */
async function beside(others: Charge[], admit: () => Promise<Charge>): Promise<Charge[]> {
  try {
    return [...others, await admit()];
  } catch (refusal) {
    for (const charge of others) await charge.keep();
    throw refusal;
  }
}

/** Variants of a name that most directories take for one. It need not be exact: see {@link LoginLimiter.mayTell}. */
function folded(login: string): string {
  return login.normalize('NFKC').toLowerCase();
}
