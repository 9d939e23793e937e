import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuthError } from '../../../src/errors/auth-error.js';
import {
  AttemptCounter,
  tooManyAttempts,
  type Charge,
} from '../../../src/limits/attempt-counter.js';
import { memoryLimiter } from '../../../src/limits/limiters.js';

const POINTS = 3;
const callStore = <T>(call: () => Promise<T>) => call();
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Attempts at one key; each is admitted, refused or still waiting. */
class Attempts {
  readonly charges: Charge[] = [];
  refused = 0;

  constructor(private readonly counter: AttemptCounter) {}

  async begin(count: number, thing = 'ada'): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      this.counter.charge(thing).then(
        (charge) => this.charges.push(charge),
        (error: unknown) => {
          if (!(error instanceof AuthError) || error.code !== 'too_many_attempts') throw error;
          this.refused += 1;
        },
      );
    }
    await settled();
  }

  /** Ends the first admitted attempt that is still open, in this way. */
  async end(how: keyof Charge): Promise<void> {
    await this.charges.shift()![how]();
    await settled();
  }

  get state() {
    return { open: this.charges.length, refused: this.refused };
  }
}

describe('attempts at one key', () => {
  let attempts: Attempts;
  let limiter: ReturnType<typeof memoryLimiter>;

  beforeEach(() => {
    limiter = memoryLimiter('name', { points: POINTS, perMs: 60_000 });
    attempts = new Attempts(new AttemptCounter(limiter, callStore, 'app'));
  });

  it('that all fail: the limit is checked, the others are refused when the last has failed', async () => {
    await attempts.begin(20);
    expect(attempts.state).toEqual({ open: 3, refused: 0 });
    await attempts.end('keep');
    await attempts.end('keep');
    expect(attempts.state).toEqual({ open: 1, refused: 0 });
    await attempts.end('keep');
    expect(attempts.state).toEqual({ open: 0, refused: 17 });
    await attempts.begin(1);
    expect(attempts.state).toEqual({ open: 0, refused: 18 });
  });

  it('that all succeed: none is refused, and never more are open than there are points', async () => {
    await attempts.begin(20);
    for (let left = 20; left > 0; left -= 1) {
      expect(attempts.state).toEqual({ open: Math.min(left, POINTS), refused: 0 });
      await attempts.end('forget');
    }
    expect(attempts.state).toEqual({ open: 0, refused: 0 });
  });

  it('after failures: the remaining points are shared, and a success makes room for all', async () => {
    await attempts.begin(2);
    await attempts.end('keep');
    await attempts.end('keep');
    await attempts.begin(5);
    expect(attempts.state).toEqual({ open: 1, refused: 0 });
    await attempts.end('forget');
    expect(attempts.state).toEqual({ open: 3, refused: 0 });
  });

  it('without a result make room for one each', async () => {
    await attempts.begin(5);
    await attempts.end('refund');
    expect(attempts.state).toEqual({ open: 3, refused: 0 });
    await attempts.end('keep');
    await attempts.end('keep');
    await attempts.end('refund');
    expect(attempts.state).toEqual({ open: 1, refused: 0 });
    await attempts.end('keep');
    expect(attempts.state).toEqual({ open: 0, refused: 0 });
    await attempts.begin(1);
    expect(attempts.state).toEqual({ open: 0, refused: 1 });
  });

  it('that all had no result leave the limit as it was', async () => {
    await attempts.begin(20);
    for (let i = 0; i < 20; i += 1) await attempts.end('refund');
    await attempts.begin(4);
    expect(attempts.state).toEqual({ open: 3, refused: 0 });
  });

  it('that failed are forgotten when another succeeds', async () => {
    await attempts.begin(2);
    await attempts.end('keep');
    await attempts.end('forget');
    await attempts.begin(4);
    expect(attempts.state).toEqual({ open: 3, refused: 0 });
  });

  it('that succeeded leave no row in the store', async () => {
    const forgotten: string[] = [];
    const forget = limiter.delete.bind(limiter);
    limiter.delete = (key) => forget(String(forgotten[forgotten.push(String(key)) - 1]));
    await attempts.begin(1);
    await attempts.end('forget');
    expect(forgotten).toHaveLength(1);
  });

  it('wait only in a limited number', async () => {
    await attempts.begin(150);
    expect(attempts.state).toEqual({ open: 3, refused: 47 });
    for (let i = 0; i < POINTS; i += 1) await attempts.end('keep');
    expect(attempts.state).toEqual({ open: 0, refused: 147 });
  });

  it('don’t wait for those at another key', async () => {
    await attempts.begin(3, 'ada');
    await attempts.begin(3, 'eve');
    expect(attempts.state).toEqual({ open: 6, refused: 0 });
  });

  it('don’t wait if the store failed for those before', async () => {
    let isDown = true;
    const consume = limiter.consume.bind(limiter);
    limiter.consume = (...given) =>
      isDown ? Promise.reject(new Error('down')) : consume(...given);
    const counter = new AttemptCounter(limiter, callStore, 'app');
    await expect(counter.charge('ada')).rejects.toThrow('down');
    isDown = false;
    attempts = new Attempts(counter);
    await attempts.begin(4);
    for (let i = 0; i < POINTS; i += 1) await attempts.end('keep');
    expect(attempts.state).toEqual({ open: 0, refused: 1 });
  });

  it('that can’t be reset now end all the same', async () => {
    limiter.set = () => Promise.reject(new Error('down'));
    await attempts.begin(4);
    await expect(attempts.end('forget')).rejects.toThrow('down');
    for (let i = 0; i < POINTS; i += 1) await attempts.end('keep');
    expect(attempts.state).toEqual({ open: 0, refused: 0 });
    await attempts.begin(1);
    expect(attempts.state).toEqual({ open: 0, refused: 1 });
  });
});

describe('a refusal', () => {
  it.each([
    [1, 1],
    [1000, 1],
    [1001, 2],
    [899_999, 900],
    [0, 1],
    [-5, 1],
  ])('with %i ms to wait has a Retry-After of %i s', (ms, seconds) => {
    const refusal = tooManyAttempts(ms);
    expect(refusal.message).toBe('Too many attempts. Try again later.');
    expect([refusal.code, refusal.getStatus(), refusal.retryAfter]).toEqual([
      'too_many_attempts',
      429,
      seconds,
    ]);
  });
});
