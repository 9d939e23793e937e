import { setTimeout as pause } from 'node:timers/promises';

/** Checks again and again, and gives up after two minutes, so that a failing test ends too. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 120_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`It never came true: ${condition.toString()}`);
    // MySQL's list of transactions stays as it is while it is read more often than every 100 ms.
    await pause(150);
  }
}
