import type { Bell } from './bell.js';
import type { Locks } from './surroundings.js';

/** One task at a time, in all tabs where the browser has locks, else in this one. Each task is bounded. */
export type TabLock = <T>(task: () => Promise<T>) => Promise<T>;

const PATIENCE_MS = 8_000;

/**
 * A tab that was frozen keeps its lock. It is never stolen: after a while, or at news of what was to be done,
 * the task runs without, and the server puts up with that.
 */
export function tabLock(locks: Locks, name: string, news: Bell): TabLock {
  return async <T>(task: () => Promise<T>) => {
    const stop = new AbortController();
    void news.wait(PATIENCE_MS).then(() => stop.abort());
    let run: Promise<T> | undefined;
    await locks.request(name, stop, () => (run = task())).catch(() => {});
    return run ?? task();
  };
}

export function lockOfThisTab(): TabLock {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>) => (last = last.catch(() => {}).then(task)) as Promise<T>;
}
