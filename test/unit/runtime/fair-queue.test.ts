import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FairQueue } from '../../../src/runtime/fair-queue.js';

/** `a1`: the first from a; `A1`: the first from a device at a that is known. */
function queueOf(longest: number) {
  const queue = new FairQueue<string>(longest);
  return {
    add(...items: string[]) {
      return items.flatMap((item) => {
        const from = item[0]!.toLowerCase();
        return queue.add(item, { from, isKnown: item[0] !== from }) ?? [];
      });
    },
    next: () => queue.next(),
    all() {
      const items = [];
      for (let item = queue.next(); item !== undefined; item = queue.next()) items.push(item);
      return items.join(' ');
    },
  };
}

describe('waiting items', () => {
  it('from one address leave in the order in which they came', () => {
    const queue = queueOf(5);
    queue.add('a1', 'a2', 'a3');
    expect(queue.all()).toBe('a1 a2 a3');
  });

  it('take turns by address, so that a sender of many delays nobody', () => {
    const queue = queueOf(9);
    queue.add('a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2');
    expect(queue.all()).toBe('a1 b1 c1 a2 b2 a3 a4');
  });

  it('leave first from known devices, and then in turns with strangers', () => {
    const queue = queueOf(9);
    queue.add('a1', 'b1', 'c1', 'd1', 'K1', 'K2', 'L1');
    expect(queue.all()).toBe('K1 a1 L1 b1 K2 c1 d1');
  });
});

describe('when the queue is full', () => {
  it('the last item of the largest sender makes room for another', () => {
    const queue = queueOf(4);
    expect(queue.add('a1', 'a2', 'a3', 'a4', 'b1', 'c1')).toEqual(['a4', 'a3']);
    expect(queue.all()).toBe('a1 b1 c1 a2');
  });

  it('the largest sender, or one of them, is refused', () => {
    const queue = queueOf(4);
    expect(queue.add('a1', 'a2', 'b1', 'b2', 'a3', 'c1', 'c2', 'd1', 'e1')).toEqual([
      'a3',
      'b2',
      'c2',
      'a2',
      'e1',
    ]);
    expect(queue.all()).toBe('a1 b1 c1 d1');
  });

  it('a known device replaces a stranger until half of the queue is known', () => {
    const queue = queueOf(4);
    expect(queue.add('a1', 'b1', 'c1', 'd1', 'K1', 'L1', 'M1')).toEqual(['d1', 'c1', 'M1']);
    expect(queue.all()).toBe('K1 a1 L1 b1');
  });

  it('a stranger replaces a known device if most of the queue is known', () => {
    const queue = queueOf(4);
    expect(queue.add('K1', 'K2', 'K3', 'K4', 'a1', 'b1', 'c1')).toEqual(['K4', 'K3', 'c1']);
    expect(queue.all()).toBe('K1 a1 K2 b1');
  });

  it('a stranger replaces no known device if strangers then had more than half of the queue', () => {
    const queue = queueOf(3);
    expect(queue.add('K1', 'K2', 'a1', 'b1')).toEqual(['b1']);
    expect(queue.all()).toBe('K1 a1 K2');
  });

  it('a sender who lost the only place delays nobody who comes later', () => {
    const queue = queueOf(2);
    expect(queue.add('a1', 'b1', 'K1')).toEqual(['b1']);
    expect(queue.next()).toBe('K1');
    queue.add('c1');
    expect(queue.all()).toBe('a1 c1');
  });

  it.each([
    [0, ['a1', 'K1'], ''],
    [1, ['a2', 'b1', 'a1'], 'K1'],
  ])('turns work with room for %i', (longest, leaving, staying) => {
    const queue = queueOf(longest);
    expect(queue.add(...(longest === 0 ? ['a1', 'K1'] : ['a1', 'a2', 'b1', 'K1']))).toEqual(
      leaving,
    );
    expect(queue.all()).toBe(staying);
  });
});

describe('with any sequence of items', () => {
  const items = fc.array(fc.constantFrom(...'aaaaaaaabcdKKKKL'), { maxLength: 200 });

  it('no item is lost or called twice, and there are never more than there is room for', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 0, max: 12 }), (places, longest) => {
        const queue = queueOf(longest);
        const came = places.map((place, i) => place + i);
        const left = queue.add(...came);
        const called = queue.all().split(' ').filter(Boolean);
        expect(called.length).toBe(Math.min(longest, came.length));
        expect([...left, ...called].toSorted()).toEqual(came.toSorted());
      }),
    );
  });

  it('a single item is called within two rounds, however many another sender has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        fc.boolean(),
        (flood, isKnown, isVictimKnown) => {
          const queue = queueOf(10);
          queue.add(...Array.from({ length: flood }, (_, i) => `${isKnown ? 'A' : 'a'}${i}`));
          const victim = isVictimKnown ? 'V' : 'v';
          expect(queue.add(victim)).not.toContain(victim);
          expect(queue.all().split(' ').indexOf(victim)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
