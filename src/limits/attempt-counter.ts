import { createHash } from 'node:crypto';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { AuthError } from '../errors/auth-error.js';

/**
 * An attempt that was charged before it was checked. When it has ended, exactly one of the three methods must be
 * called.
 */
export interface Charge {
  /** It succeeded: earlier failures are forgotten. */
  forget(): Promise<void>;
  /** It failed: it counts. */
  keep(): Promise<void>;
  /** It had no result (busy, an outage): it does not count. */
  refund(): Promise<void>;
}

/** Calls the counter's store; may limit how long that takes. */
export type CallStore = <T>(call: () => Promise<T>) => Promise<T>;

/** Most attempts at one key that wait for others to end; any further one is refused at once. */
const MOST_WAITING = 100;

/** Receives whether another attempt passed its point on. */
type Waiter = (hasPoint: boolean) => void;

/** Attempts at one key that have begun and not ended, in this process. */
interface OpenAttempts {
  /** Attempts that hold a point, or are requesting one from the store. */
  count: number;
  /** Attempts that hold a point. */
  charged: number;
  waiting: Waiter[];
}

/**
 * Counts failed attempts of one kind. An attempt is charged before it is checked, so that a burst can't slip through.
 * If every point is taken, it waits for the attempts already begun: a success among them makes room, and only if they
 * all fail is it refused. So twenty simultaneous correct passwords all succeed, and twenty wrong ones don't.
 */
export class AttemptCounter {
  readonly #open = new Map<string, OpenAttempts>();

  /** @param realm separates these counters from others in the same store */
  constructor(
    private readonly limiter: RateLimiterAbstract,
    private readonly callStore: CallStore,
    private readonly realm: string,
  ) {}

  /** @throws {AuthError} `too_many_attempts` */
  async charge(...thing: (string | null)[]): Promise<Charge> {
    const key = this.#keyOf(thing);
    const open = this.#open.get(key) ?? { count: 0, charged: 0, waiting: [] };
    this.#open.set(key, open);
    open.count += 1;
    const waitMs = await this.#refusal(key).catch((error: unknown) => {
      this.#end(key, open);
      throw error;
    });
    if (waitMs === null) {
      open.charged += 1;
      return this.#chargeOf(key, open);
    }
    const canWait = open.waiting.length < MOST_WAITING;
    const point = canWait
      ? new Promise<boolean>((resolve) => void open.waiting.push(resolve))
      : false;
    this.#end(key, open);
    if (!(await point)) throw tooManyAttempts(waitMs);
    return this.#chargeOf(key, open);
  }

  /**
   * Counts an attempt whose result is already known.
   * @returns whether it is within the limit
   */
  async count(...thing: string[]): Promise<boolean> {
    return (await this.#refusal(this.#keyOf(thing))) === null;
  }

  async forget(...thing: string[]): Promise<void> {
    await this.callStore(() => this.limiter.delete(this.#keyOf(thing)));
  }

  /** Null if within the limit, else the milliseconds until there is room again. */
  async #refusal(key: string): Promise<number | null> {
    return this.callStore(async () => {
      try {
        await this.limiter.consume(key, 1);
        return null;
      } catch (refusal) {
        if (refusal instanceof Error) throw refusal;
        return (refusal as { msBeforeNext: number }).msBeforeNext;
      }
    });
  }

  #chargeOf(key: string, open: OpenAttempts): Charge {
    return {
      forget: async () => {
        const room = this.limiter.points - (open.charged - 1);
        await this.#leave(key, open, room, (charged) => this.#set(key, charged));
      },
      keep: async () => {
        open.charged -= 1;
        this.#end(key, open);
      },
      refund: () =>
        // Also if a waiting attempt takes its place: that one was counted by the store when it was refused.
        this.#leave(key, open, 1, () => this.limiter.reward(key, 1)),
    };
  }

  /** Ends an attempt. Its point, and others that it frees, go to waiting attempts. */
  async #leave(
    key: string,
    open: OpenAttempts,
    room: number,
    change: (charged: number) => Promise<unknown>,
  ): Promise<void> {
    const next = open.waiting.splice(0, room);
    open.charged += next.length - 1;
    open.count += next.length;
    try {
      await this.callStore(() => change(open.charged));
    } finally {
      for (const waiter of next) waiter(true);
      this.#end(key, open);
    }
  }

  /** Keeps what other attempts were charged meanwhile. */
  #set(key: string, charged: number): Promise<unknown> {
    const { limiter } = this;
    return charged === 0 ? limiter.delete(key) : limiter.set(key, charged, limiter.duration);
  }

  /** After the last one ends, no running attempt is left that could make room. */
  #end(key: string, open: OpenAttempts): void {
    open.count -= 1;
    if (open.count > 0) return;
    this.#open.delete(key);
    for (const waiter of open.waiting.splice(0)) waiter(false);
  }

  /** A hash: it has a fixed length, two different lists never give the same key, and no name is stored. */
  #keyOf(thing: readonly (string | null)[]): string {
    return createHash('sha256')
      .update(JSON.stringify([this.realm, ...thing]))
      .digest('base64url');
  }
}

export function tooManyAttempts(waitMs: number): AuthError {
  return new AuthError('too_many_attempts', 'Too many attempts. Try again later.', {
    retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
