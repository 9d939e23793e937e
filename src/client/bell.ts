import type { Surroundings } from './surroundings.js';

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
        const go = () => {
          cancel();
          waiting.delete(go);
          resolve();
        };
        const cancel = after(ms, go);
        waiting.add(go);
      }),
    ring() {
      for (const go of waiting) go();
    },
  };
}
