import { elapsedClock } from './elapsed-clock.js';

/** What the client needs of the page or process it runs in. Replaced only in tests. */
export interface Surroundings {
  /** Milliseconds by the elapsed clock. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** A background task doesn't keep a process alive. */
  after(ms: number, task: () => void, background?: boolean): void;
  /** The page's address; undefined outside of pages. */
  readonly href: string | undefined;
  readonly locks: Locks | undefined;
  channel(name: string): Channel | undefined;
  /** Calls, until the signal, when the page may have missed something: it comes back to sight, or the network does. */
  onWake(listener: () => void, until: AbortSignal): void;
}

export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, task: () => Promise<T>): Promise<T>;
}

export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/** The part of a browser's global scope that Node lacks, or names otherwise. */
interface Page {
  document?: { location?: { href: string } };
  performance?: { now(): number };
  navigator?: { locks?: Locks };
  BroadcastChannel?: new (name: string) => Channel;
  addEventListener?(type: string, listener: () => void, options: { signal: AbortSignal }): void;
}

/** setTimeout fires at once for anything longer. */
const LONGEST_TIMER = 2 ** 31 - 1;

export function surroundings(): Surroundings {
  const page = globalThis as unknown as Page;
  return {
    now: elapsedClock(
      () => Date.now(),
      () => (page.performance ?? Date).now(),
    ),
    random: Math.random,
    after(ms, task, background) {
      const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER));
      if (background) (timer as unknown as { unref?(): void }).unref?.();
    },
    href: page.document?.location?.href,
    locks: page.navigator?.locks,
    channel: (name) => (page.BroadcastChannel ? new page.BroadcastChannel(name) : undefined),
    onWake(listener, signal) {
      for (const type of ['visibilitychange', 'pageshow', 'online']) {
        page.addEventListener?.(type, listener, { signal });
      }
    },
  };
}
