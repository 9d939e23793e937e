import type { Bell } from './wakeable-sleep.js';
import type { Locks } from './platform.js';

/** One task at a time, in all tabs where the browser has locks, else in this one. Each task is bounded. */
export type TabLock = <T>(task: () => Promise<T>) => Promise<T>;

const PATIENCE_MS = 8_000;

/**
 * A tab that was frozen keeps its lock. It is never stolen: after a while, or at news of what was to be done,
 * the task runs without, and the server puts up with that. So it does where there are no locks, or only in name, as in a
 * sandboxed frame.
 *
 * @param locks may be missing
 */
export function tabLock(locks: Locks, name: string, news: Bell): TabLock {
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(task: () => Promise<T>) => {
    const stop = new AbortController();
    let run: Promise<T> | undefined;
    try {
      const locked = locks.request(name, stop, () => (run ??= task()));
      void news.wait(PATIENCE_MS).then(() => stop.abort());
      await locked;
    } catch {
      // Then without.
    }
    return (run ??= last = last.catch(() => {}).then(task) as Promise<T>);
  };
}
