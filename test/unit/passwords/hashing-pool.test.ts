import { describe, expect, it } from '@jest/globals';
import { AuthError } from '../../../src/errors/auth-error.js';
import { HashingPool } from '../../../src/passwords/hashing-pool.js';

/** Work that lasts until it is let go. */
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

describe('the pool', () => {
  it('computes as many hashes at a time as it may, and the rest in turn', async () => {
    const pool = new HashingPool({ concurrency: 2, longestQueue: 10 });
    const { work, letGo, most } = heldWork();
    const all = Array.from({ length: 7 }, () => pool.run(work));
    for (let i = 0; i < 8; i += 1) await letGo();
    expect(await Promise.all(all)).toEqual(Array(7).fill('hash'));
    expect(most()).toBe(2);
  });

  it('is busy when the queue is full, at once, and says when to come back', async () => {
    const pool = new HashingPool({ concurrency: 2, longestQueue: 3 });
    const { work, letGo } = heldWork();
    const all = Array.from({ length: 8 }, () => pool.run(work).catch(codeOf));
    for (let i = 0; i < 8; i += 1) await letGo();
    expect(await Promise.all(all)).toEqual([
      ...Array<string>(5).fill('hash'),
      ...Array<string>(3).fill('busy'),
    ]);
  });

  it('says so with a status and a time that a client understands', async () => {
    const pool = new HashingPool({ concurrency: 1, longestQueue: 1 });
    const { work, letGo } = heldWork();
    const admitted = [pool.run(work), pool.run(work)];
    const refusal = await pool.run(work).catch((error: unknown) => error as AuthError);
    expect(refusal).toMatchObject({ code: 'busy', retryAfter: 2 });
    expect((refusal as AuthError).getStatus()).toBe(503);
    for (let i = 0; i < 2; i += 1) await letGo();
    expect(await Promise.all(admitted)).toEqual(['hash', 'hash']);
  });

  it('without a queue computes a hash when nobody else does', async () => {
    const pool = new HashingPool({ concurrency: 1, longestQueue: 0 });
    expect(await pool.run(async () => 'hash')).toBe('hash');
  });

  it('goes on after a hash that failed', async () => {
    const pool = new HashingPool({ concurrency: 1, longestQueue: 1 });
    await expect(pool.run(() => Promise.reject(new Error('no memory')))).rejects.toThrow(
      'no memory',
    );
    expect(await pool.run(async () => 'hash')).toBe('hash');
  });
});
