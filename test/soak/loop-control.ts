import { setTimeout as pause } from 'node:timers/promises';

/** Waits; false as soon as the soak ends, so that a loop ends with it. */
export async function continuesAfter(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
  }
  return !signal.aborted;
}

/** Waits until a condition is true; false if the soak ends before. */
export async function becomesTrue(condition: () => boolean, signal: AbortSignal): Promise<boolean> {
  while (!condition()) {
    if (!(await continuesAfter(20, signal))) return false;
  }
  return true;
}

export function randomBetween(least: number, most: number): number {
  return least + Math.random() * (most - least);
}

export function randomElementOf<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}

/** Lets in this many at once; the others wait. */
export class Gate {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async through<T>(action: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
