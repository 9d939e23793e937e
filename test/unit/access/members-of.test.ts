import { describe, expect, it } from '@jest/globals';
import { membersOf } from '../../../src/access/members-of.js';

describe('the members of a class', () => {
  const hidden = Symbol('hidden');
  class Office {
    desk() {}
  }
  class Headquarters extends Office {
    safe() {}

    [hidden]() {}

    get clock(): never {
      throw new Error('not to be read');
    }
  }

  it('are its own methods and, unread, its properties, but not the class itself', () => {
    const { prototype } = Headquarters;
    expect(membersOf(prototype)).toEqual([
      ['safe', prototype.safe],
      ['clock', null],
      [hidden, prototype[hidden]],
    ]);
  });

  it('are none if it has no prototype', () => {
    expect(membersOf(undefined)).toEqual([]);
  });
});
