import type { Surroundings } from './platform.js';

/** What waits, waits for some time, or until the bell rings. */
export interface Bell {
  wait(ms: number): Promise<void>;
  ring(): void;
}

export function createBell({ after }: Pick<Surroundings, 'after'>): Bell {
  const waiting = new Set<() => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        waiting.add(resolve);
        after(ms, () => {
          waiting.delete(resolve);
          resolve();
        });
      }),
    ring() {
      for (const resolve of waiting) resolve();
    },
  };
}
