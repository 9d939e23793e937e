import { createHash } from 'node:crypto';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { AuthError } from '../errors/auth-error.js';

/** What an attempt was charged before it was looked at. One of the three must be called when it has ended. */
export interface Charge {
  /** It was right: the failures before it are forgotten. */
  forget(): Promise<void>;
  /** It was wrong: it counts. */
  keep(): Promise<void>;
  /** It came to no result (busy, an outage): it counts neither way. */
  giveBack(): Promise<void>;
}

/** Asks the counter's store; may bound how long that takes. */
export type AskStore = <T>(question: () => Promise<T>) => Promise<T>;

/** Most attempts at one thing that wait for the end of others; what comes then is refused at once. */
const MOST_WAITING = 100;

/** Told whether it was handed a point that another attempt left. */
type Waiter = (hasPoint: boolean) => void;

/** Attempts at one thing that have begun and not ended, in this process. */
interface OpenAttempts {
  /** Holding a point, or asking the store for one. */
  count: number;
  /** Those that hold one. */
  charged: number;
  waiting: Waiter[];
}

/**
 * Counts failed attempts at one kind of thing. An attempt is charged before it is looked at, so that a burst can't slip
 * through. One that finds every point taken waits for those that have begun: a success among them makes room for others,
 * and only if they all fail it is refused. So twenty right passwords at once all get in, and twenty wrong ones don't.
 */
export class AttemptCounter {
  readonly #open = new Map<string, OpenAttempts>();

  /** @param realm told apart from others whose counters are kept in the same place */
  constructor(
    private readonly limiter: RateLimiterAbstract,
    private readonly ask: AskStore,
    private readonly realm: string,
  ) {}

  /** @throws {AuthError} `too_many_attempts` */
  async charge(...thing: string[]): Promise<Charge> {
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
    const canWait = open.count > 1 && open.waiting.length < MOST_WAITING;
    const point = canWait
      ? new Promise<boolean>((resolve) => void open.waiting.push(resolve))
      : false;
    this.#end(key, open);
    if (!(await point)) throw tooManyAttempts(waitMs);
    return this.#chargeOf(key, open);
  }

  /**
   * Counts one whose end is known already.
   * @returns whether it is within the limit
   */
  async count(...thing: string[]): Promise<boolean> {
    return (await this.#refusal(this.#keyOf(thing))) === null;
  }

  async forget(...thing: string[]): Promise<void> {
    await this.ask(() => this.limiter.delete(this.#keyOf(thing)));
  }

  /** Null within the limit, else the milliseconds until there is room again. */
  async #refusal(key: string): Promise<number | null> {
    return this.ask(async () => {
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
      giveBack: () =>
        this.#leave(key, open, 1, (_charged, handedOver) =>
          handedOver === 0 ? this.limiter.reward(key, 1) : Promise.resolve(),
        ),
    };
  }

  /** Ends an attempt, whose point and others that it frees are handed to those that wait. */
  async #leave(
    key: string,
    open: OpenAttempts,
    room: number,
    change: (charged: number, handedOver: number) => Promise<unknown>,
  ): Promise<void> {
    const next = open.waiting.splice(0, room);
    open.charged += next.length - 1;
    open.count += next.length;
    try {
      await this.ask(() => change(open.charged, next.length));
    } finally {
      for (const waiter of next) waiter(true);
      this.#end(key, open);
    }
  }

  /** What others were charged meanwhile stays. */
  #set(key: string, charged: number): Promise<unknown> {
    const { limiter } = this;
    return charged === 0 ? limiter.delete(key) : limiter.set(key, charged, limiter.duration);
  }

  /** When the last one ends, nothing is left that could make room. */
  #end(key: string, open: OpenAttempts): void {
    open.count -= 1;
    if (open.count > 0) return;
    this.#open.delete(key);
    for (const waiter of open.waiting.splice(0)) waiter(false);
  }

  /** Of one length, whatever was typed, and no text of one thing is another's; and no name lies in the store. */
  #keyOf(thing: readonly string[]): string {
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
