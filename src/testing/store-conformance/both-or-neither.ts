import assert from 'node:assert/strict';

/** Two optional methods that a store must have together or not at all. */
export function bothOrNeither<A, B>(one: A | undefined, other: B | undefined): [A, B] | null {
  assert.equal(typeof one, typeof other, 'one of the two is missing');
  return one === undefined || other === undefined ? null : [one, other];
}
