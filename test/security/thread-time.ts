import { readFileSync } from 'node:fs';

/**
 * Milliseconds that this thread has computed, which is what keeps everything else in the process waiting. What the
 * machine does besides, and how long it lets this thread wait, isn't in it. Only Linux knows it of a thread; elsewhere it
 * is the process's, other threads and their hashing included.
 */
export function threadTimeMs(): number {
  try {
    const [nanoseconds] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1);
    return Number(nanoseconds) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}
