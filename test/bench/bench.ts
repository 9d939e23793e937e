import type { Effort } from './effort.js';
import type { LoadGenerator } from './load-generator.js';
import type { Result } from './results.js';

/** The parts that a benchmark uses. */
export interface Bench {
  generator: LoadGenerator;
  effort: Effort;
  report(result: Result): void;
}

export interface Benchmark {
  name: string;
  /** Runs only if it is named, because it takes long. */
  isOnRequest?: boolean;
  run(bench: Bench): Promise<void>;
}
