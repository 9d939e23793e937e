import assert from 'node:assert/strict';

/** What a store says where it may have kept a moment, or none yet. */
export function momentOrNone(kept: number | null): number | null {
  assert.ok(kept === null || Number.isSafeInteger(kept), `${kept} is neither a moment nor null`);
  return kept;
}
