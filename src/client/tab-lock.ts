import type { WakeableSleep } from './wakeable-sleep.js';
import type { Locks } from './platform.js';

/** Runs one task at a time: across tabs if the browser has locks, else in this tab. Each task is bounded in time. */
export type TabLock = <T>(task: () => Promise<T>) => Promise<T>;

const PATIENCE_MS = 8_000;

/**
 * A frozen tab keeps its lock. After PATIENCE_MS, or when another tab reports a result, the task runs without the lock;
 * the server's leeway makes a double refresh harmless. The same happens where locks are missing, or exist but fail,
 * as in a sandboxed frame.
 *
 * @param locks may be missing
 */
export function tabLock(locks: Locks, name: string, untilNews: WakeableSleep): TabLock {
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(task: () => Promise<T>) => {
    const stop = new AbortController();
    let run: Promise<T> | undefined;
    try {
      const locked = locks.request(name, stop, () => (run ??= task()));
      void untilNews.sleep(PATIENCE_MS).then(() => stop.abort());
      await locked;
    } catch {
      // Run the task without the lock.
    }
    return (run ??= last = last.catch(() => {}).then(task) as Promise<T>);
  };
}
