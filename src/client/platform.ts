import { elapsedClock } from './elapsed-clock.js';
import { LONGEST_TIMER_MS } from './times.js';
import { tried } from './tried.js';

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
  postMessage(message: unknown): unknown;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/** The part of a browser's global scope that Node lacks, or names otherwise. Any of it may be missing, or throw. */
interface Page {
  document: { location: { href: string } };
  performance: { now(): number };
  navigator: { locks: Locks };
  BroadcastChannel: new (name: string) => Channel;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

export function surroundings(): Surroundings {
  const page = globalThis as unknown as Page;
  return {
    now: elapsedClock(
      () => Date.now(),
      () => tried(() => page.performance.now()) ?? Date.now(),
    ),
    random: Math.random,
    after(ms, task, background) {
      const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
      if (background) (timer as unknown as { unref?(): void }).unref?.();
    },
    href: tried(() => page.document.location.href),
    locks: tried(() => page.navigator.locks),
    channel: (name) => tried(() => new page.BroadcastChannel(name)),
    onWake(listener, signal) {
      for (const type of ['visibilitychange', 'pageshow', 'online']) {
        tried(() => {
          // The option `signal` is not everywhere.
          page.addEventListener(type, listener);
          signal.addEventListener('abort', () => page.removeEventListener(type, listener));
        });
      }
    },
  };
}
