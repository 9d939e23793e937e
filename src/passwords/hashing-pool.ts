import { AuthError } from '../errors/auth-error.js';
import { FairQueue, type Turn } from '../runtime/fair-queue.js';

interface Job {
  start(): void;
  refuse(): void;
}

/** For calls without a client address: a script, a service of the app. */
const FROM_NOWHERE: Turn = { from: null, isKnown: false };

/**
 * Limits how many hashes are computed at a time and how many may wait; addresses take turns. libuv has four threads for
 * all of Node: 200 hashes at once keep an unrelated file read waiting for seconds.
 */
export class HashingPool {
  readonly #queue: FairQueue<Job>;
  #running = 0;

  constructor(private readonly settings: { concurrency: number; longestQueue: number }) {
    this.#queue = new FairQueue(settings.longestQueue);
  }

  /** @throws {AuthError} `busy` when too many wait already and this address has the most of them */
  run<T>(hashing: () => Promise<T>, turn: Turn = FROM_NOWHERE): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const job: Job = {
        start: () => {
          this.#running += 1;
          void hashing()
            .then(resolve, reject)
            .finally(() => this.#ended());
        },
        refuse: () => reject(busy()),
      };
      if (this.#running < this.settings.concurrency) job.start();
      else this.#queue.add(job, turn)?.refuse();
    });
  }

  #ended(): void {
    this.#running -= 1;
    this.#queue.next()?.start();
  }
}

function busy(): AuthError {
  return new AuthError('busy', 'Too many passwords are being checked. Try again shortly.', {
    retryAfter: 2,
  });
}
