import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { bothOrNeither } from './both-or-neither.js';
import { DAY, NOW, anotherOn, put } from './sample-sessions.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const keepTimeCases: StoreCases = {
  'Replaces the moment that was kept before, be it earlier or later.': replaces,
};

export const keptTimeCases: StoreCases = {
  'Returns the moment that `keepTime` was given last, whatever happened to the sessions since.':
    returnsTheLast,
};

async function replaces(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const one = methodsOf(store);
  if (one === null) return;
  const before = await one.kept();
  assert.ok(before === null || Number.isSafeInteger(before));
  for (const moment of [NOW, NOW + 1, NOW - 400 * DAY, 1, NOW + DAY]) {
    await one.keep(moment);
    assert.equal(await one.kept(), moment);
    assert.equal(await one.kept(), moment);
  }
  const another = await anotherOn(store, openStore);
  if (another === null) return;
  const other = methodsOf(another)!;
  assert.equal(await other.kept(), NOW + DAY, 'kept by another instance');
  await other.keep(NOW - DAY);
  assert.equal(await one.kept(), NOW - DAY, 'kept by another instance');
}

async function returnsTheLast(store: RefreshTokenStore): Promise<void> {
  const methods = methodsOf(store);
  if (methods === null) return;
  await methods.keep(NOW);
  await put(store, { createdAt: NOW + 10 * DAY, rotatedAt: NOW + 10 * DAY });
  assert.equal(await methods.kept(), NOW, 'after a login that is later');
  await store.revoke('everything', 'everything', NOW + 11 * DAY);
  assert.equal(await methods.kept(), NOW, 'after a revocation that is later');
  await store.deleteEnded(NOW + 20 * DAY, 500);
  assert.equal(await methods.kept(), NOW, 'after a purge that is later');
}

function methodsOf(store: RefreshTokenStore) {
  const methods = bothOrNeither(store.keepTime, store.keptTime);
  if (methods === null) return null;
  const [keep, kept] = methods;
  return { keep: keep.bind(store), kept: kept.bind(store) };
}
