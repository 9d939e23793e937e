import assert from 'node:assert/strict';

/** Two optional methods that a store must have together or not at all. */
export function bothOrNeither<A, B>(
  one: A | undefined,
  other: B | undefined,
  names: string,
): [A, B] | null {
  assert.equal(typeof one, typeof other, `the store has one of ${names}: write both or neither`);
  return one === undefined || other === undefined ? null : [one, other];
}
