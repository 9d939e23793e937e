import type { Platform } from './platform.js';

/** A sleep that wake() can end early. */
export interface WakeableSleep {
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createWakeableSleep({ after }: Pick<Platform, 'after'>): WakeableSleep {
  const waiting = new Set<() => void>();
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        waiting.add(resolve);
        after(ms, () => {
          waiting.delete(resolve);
          resolve();
        });
      }),
    wake() {
      for (const resolve of waiting) resolve();
    },
  };
}
