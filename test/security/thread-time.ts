import { readFileSync } from 'node:fs';

/**
 * The CPU milliseconds of this thread, during which everything else in the process waits. The other work of the
 * machine, and the time for which this thread waits, don't count. Only Linux has this per thread; elsewhere it
 * is the CPU time of the process, with other threads and their hashing.
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
