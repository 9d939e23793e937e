import assert from 'node:assert/strict';

/** Checks that a store returns a time or null. */
export function momentOrNone(kept: number | null): number | null {
  assert.ok(kept === null || Number.isSafeInteger(kept), `${kept} is neither a moment nor null`);
  return kept;
}
