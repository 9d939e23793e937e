import { describe, expect, it } from '@jest/globals';
import { OneAtATime } from '../../../src/runtime/one-at-a-time.js';
import { withResolvers } from '../in-memory-app.js';

describe('work for one key', () => {
  it('runs in turn, even if the previous work failed; other keys don’t wait', async () => {
    const order: string[] = [];
    const { promise, resolve } = withResolvers();
    const turns = new OneAtATime();
    const first = turns.run('a', async () => {
      await promise;
      order.push('first');
      throw new Error('no');
    });
    const second = turns.run('a', async () => order.push('second'));
    await turns.run('b', async () => order.push('other'));
    resolve();
    await expect(first).rejects.toThrow('no');
    await second;
    expect(order).toEqual(['other', 'first', 'second']);
  });
});
