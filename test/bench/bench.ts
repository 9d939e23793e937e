import type { Effort } from './effort.js';
import type { LoadGenerator } from './load-generator.js';
import type { Result } from './results.js';

/** What a benchmark works with. */
export interface Bench {
  generator: LoadGenerator;
  effort: Effort;
  report(result: Result): void;
}

export interface Benchmark {
  name: string;
  /** Only when it is asked for by name: takes long. */
  isOnRequest?: boolean;
  run(bench: Bench): Promise<void>;
}
