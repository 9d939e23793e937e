import type { Channel, Locks, Platform } from '../../../src/client/platform.js';
import { elapsedClock } from '../../../src/client/elapsed-clock.js';

/** The argument of setTimeout. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Timer {
  at: number;
  background: boolean;
  task: () => void;
}

/** A machine whose clocks a test controls, with the tabs of a browser on it. */
export class FakeWorld {
  wallMs = Date.parse('2026-01-01T00:00:00Z');
  monoMs = 7_000;
  randomness = 0.5;
  readonly #timers = new Set<Timer>();
  readonly #channels = new Set<FakeChannel>();
  readonly #wakes = new Set<() => void>();
  readonly locks = new FakeLocks();

  /** The platform of a page, without the features in `lacks`; of a process, if there is no `href`. */
  platform(given: { process?: boolean; lacks?: ('locks' | 'channel')[] } = {}): Platform {
    const { process = false, lacks = [] } = given;
    return {
      now: elapsedClock(
        () => this.wallMs,
        () => this.monoMs,
      ),
      random: () => this.randomness,
      after: (ms, task, background = false) => {
        this.#timers.add({ at: this.monoMs + Math.min(ms, LONGEST_TIMER), task, background });
      },
      href: process ? undefined : 'https://app.example/some/page?x=1',
      locks: process || lacks.includes('locks') ? undefined : this.locks,
      channel: (name) => {
        if (process || lacks.includes('channel')) return undefined;
        const channel = new FakeChannel(name, this.#channels);
        this.#channels.add(channel);
        return channel;
      },
      onWake: (listener, until) => {
        if (process) return;
        this.#wakes.add(listener);
        until.addEventListener('abort', () => this.#wakes.delete(listener));
      },
    };
  }

  /** Lets time pass, and runs the timers that are due, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.monoMs + ms;
    await settle();
    for (;;) {
      const next = [...this.#timers]
        .filter(({ at }) => at <= end)
        .toSorted((a, b) => a.at - b.at)[0];
      this.#pass((next?.at ?? end) - this.monoMs);
      if (!next) return;
      this.#timers.delete(next);
      next.task();
      await settle();
    }
  }

  /** Lets time pass, from timer to timer, until the promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const pending = Symbol('pending');
    const outcome = promise.catch(() => {});
    const isPending = async () => {
      await settle();
      return (await Promise.race([outcome, Promise.resolve(pending)])) === pending;
    };
    while (await isPending()) {
      const next = Math.min(...[...this.#timers].map(({ at }) => at));
      if (next === Infinity) throw new Error('This will never be settled: no timer is left.');
      await this.advance(next - this.monoMs);
    }
    return promise;
  }

  /** The machine sleeps: only the wall clock continues. */
  sleepMachine(ms: number): void {
    this.wallMs += ms;
  }

  /** The page becomes visible, or the network returns. */
  async wake(): Promise<void> {
    for (const listener of this.#wakes) listener();
    await settle();
  }

  /** How many timers would keep a process alive. */
  get keepingAlive(): number {
    return [...this.#timers].filter(({ background }) => !background).length;
  }

  get listeners(): number {
    return this.#wakes.size + this.#channels.size;
  }

  #pass(ms: number): void {
    if (ms <= 0) return;
    this.wallMs += ms;
    this.monoMs += ms;
  }
}

/** Waits until nothing more happens unless time passes. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

type Listener = (event: { data: unknown }) => void;

export class FakeChannel implements Channel {
  readonly #listeners: Listener[] = [];
  /** A frozen tab receives all messages when it thaws. */
  held: (() => void)[] | undefined;
  isClosed = false;

  constructor(
    readonly name: string,
    private readonly all: Set<FakeChannel>,
  ) {}

  postMessage(message: unknown): void {
    if (this.isClosed) throw new DOMException('closed', 'InvalidStateError');
    for (const other of this.all) {
      if (other !== this && other.name === this.name) other.#deliver(structuredClone(message));
    }
  }

  addEventListener(_type: 'message', listener: Listener): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.isClosed = true;
    this.all.delete(this);
  }

  #deliver(data: unknown): void {
    setImmediate(() => {
      for (const listener of this.#listeners) listener({ data });
    });
  }
}

/** navigator.locks, exclusive only. */
class FakeLocks implements Locks {
  readonly #last = new Map<string, Promise<unknown>>();
  granted = 0;

  async request<T>(
    name: string,
    { signal }: { signal: AbortSignal },
    task: () => Promise<T>,
  ): Promise<T> {
    const before = this.#last.get(name);
    let release!: () => void;
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#last.set(name, Promise.all([before, mine]));
    try {
      const aborted = new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      aborted.catch(() => {});
      await Promise.race([before, aborted]);
      this.granted += 1;
      return await task();
    } finally {
      release();
    }
  }

  /** Takes the lock and never releases it, like a frozen tab. */
  seize(name: string): void {
    void this.request(name, { signal: new AbortController().signal }, () => new Promise(() => {}));
  }
}
