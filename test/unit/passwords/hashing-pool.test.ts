import { describe, expect, it } from '@jest/globals';
import { AuthError } from '../../../src/errors/auth-error.js';
import { HashingPool } from '../../../src/passwords/hashing-pool.js';

/** Work that lasts until the test ends it. */
function heldWork() {
  const waiting: (() => void)[] = [];
  let atOnce = 0;
  let most = 0;
  return {
    work: async () => {
      most = Math.max(most, (atOnce += 1));
      await new Promise<void>((resolve) => waiting.push(resolve));
      atOnce -= 1;
      return 'hash';
    },
    async letGo() {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    most: () => most,
  };
}

const codeOf = (refusal: unknown) => (refusal instanceof AuthError ? refusal.code : refusal);

describe('the hashing pool', () => {
  it('computes as many hashes at a time as configured, and the rest in turn', async () => {
    const pool = new HashingPool({ concurrency: 2, longestQueue: 10 });
    const { work, letGo, most } = heldWork();
    const all = Array.from({ length: 7 }, () => pool.run(work));
    for (let i = 0; i < 8; i += 1) await letGo();
    expect(await Promise.all(all)).toEqual(Array(7).fill('hash'));
    expect(most()).toBe(2);
  });

  it('refuses at once when the queue is full, with a time to retry', async () => {
    const pool = new HashingPool({ concurrency: 2, longestQueue: 3 });
    const { work, letGo } = heldWork();
    const all = Array.from({ length: 8 }, () => pool.run(work).catch(codeOf));
    for (let i = 0; i < 8; i += 1) await letGo();
    expect(await Promise.all(all)).toEqual([
      ...Array<string>(5).fill('hash'),
      ...Array<string>(3).fill('busy'),
    ]);
  });

  it('refuses with a status and a time that a client understands', async () => {
    const pool = new HashingPool({ concurrency: 1, longestQueue: 1 });
    const { work, letGo } = heldWork();
    const admitted = [pool.run(work), pool.run(work)];
    const refusal = await pool.run(work).catch((error: unknown) => error as AuthError);
    expect(refusal).toMatchObject({ code: 'busy', retryAfter: 2 });
    expect((refusal as AuthError).getStatus()).toBe(503);
    for (let i = 0; i < 2; i += 1) await letGo();
    expect(await Promise.all(admitted)).toEqual(['hash', 'hash']);
  });

  it('without a queue computes a hash if no other is running', async () => {
    const pool = new HashingPool({ concurrency: 1, longestQueue: 0 });
    expect(await pool.run(async () => 'hash')).toBe('hash');
  });

  it('continues after a hash that failed', async () => {
    const pool = new HashingPool({ concurrency: 1, longestQueue: 1 });
    await expect(pool.run(() => Promise.reject(new Error('no memory')))).rejects.toThrow(
      'no memory',
    );
    expect(await pool.run(async () => 'hash')).toBe('hash');
  });
});
