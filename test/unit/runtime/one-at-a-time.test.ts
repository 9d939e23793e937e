import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { OneAtATime } from '../../../src/runtime/one-at-a-time.js';
import { withResolvers } from '../in-memory-app.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

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

  it('that comes when the first has ended still waits for the second', async () => {
    const order: string[] = [];
    const { promise, resolve } = withResolvers();
    const turns = new OneAtATime();
    const first = turns.run('a', async () => {});
    const second = turns.run('a', async () => {
      await promise;
      order.push('second');
    });
    await first;
    const third = turns.run('a', async () => order.push('third'));
    resolve();
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
  });

  it('leaves nothing in memory once it has ended', async () => {
    const turns = new OneAtATime();
    const result = new WeakRef(await turns.run('a', async () => ({ large: true })));
    await nextTurn();
    collectGarbage();
    expect(result.deref()).toBeUndefined();
    // Not because the turns were collected too.
    expect(await turns.run('a', async () => 1)).toBe(1);
  });
});
