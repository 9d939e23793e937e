import { elapsedClock } from './elapsed-clock.js';
import { LONGEST_TIMER_MS } from './times.js';
import { orUndefined } from './or-undefined.js';

/** What the client needs from its page or process. Only tests replace it. */
export interface Platform {
  /** Milliseconds, from the elapsed clock. */
  now(): number;
  /** From 0 (included) to 1 (excluded). */
  random(): number;
  /** A background timer doesn't keep a Node process alive. */
  after(ms: number, task: () => void, background?: boolean): void;
  /** The page's address; undefined outside of pages. */
  readonly href: string | undefined;
  readonly locks: Locks | undefined;
  channel(name: string): Channel | undefined;
  /**
   * Calls the listener, until the signal aborts, when the page may have missed something: it became visible again, or
   * the network returned.
   */
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

/** The browser globals that Node lacks or names differently. Any of them may be missing, or throw. */
interface Page {
  document: { location: { href: string } };
  performance: { now(): number };
  navigator: { locks: Locks };
  BroadcastChannel: new (name: string) => Channel;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

export function currentPlatform(): Platform {
  const page = globalThis as unknown as Page;
  return {
    now: elapsedClock(
      () => Date.now(),
      () => orUndefined(() => page.performance.now()) ?? Date.now(),
    ),
    random: Math.random,
    after(ms, task, background) {
      const timer = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
      if (background) (timer as unknown as { unref?(): void }).unref?.();
    },
    href: orUndefined(() => page.document.location.href),
    locks: orUndefined(() => page.navigator.locks),
    channel: (name) => orUndefined(() => new page.BroadcastChannel(name)),
    onWake(listener, until) {
      for (const type of ['visibilitychange', 'pageshow', 'online']) {
        orUndefined(() => {
          // Not every browser supports the `signal` option of addEventListener().
          page.addEventListener(type, listener);
          until.addEventListener('abort', () => page.removeEventListener(type, listener));
        });
      }
    },
  };
}
