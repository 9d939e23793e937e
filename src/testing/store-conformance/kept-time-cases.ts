import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { bothOrNeither } from './both-or-neither.js';
import { momentOrNone } from './moment-or-none.js';
import { atEachMomentOn } from './moments-between.js';
import { DAY, NOW, put } from './sample-sessions.js';
import { anotherOn } from './second-store.js';
import type { NotTried, OpenStore, StoreCases } from './store-case.js';

const METHODS = 'keepTime() and keptTime()';
/** Why there is nothing to try. */
const NOT_THERE: NotTried = `the store has no ${METHODS}, so an instance that starts believes its clock.`;

export const keepTimeCases: StoreCases = {
  'Replaces the stored moment, whether that was earlier or later.': replaces,
};

export const keptTimeCases: StoreCases = {
  'Returns the moment that `keepTime` received last, whatever happened to the sessions since.':
    returnsTheLast,
};

async function replaces(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<NotTried | undefined> {
  const one = methodsOf(store);
  if (one === null) return NOT_THERE;
  momentOrNone(await one.kept());
  for (const moment of [NOW, NOW + 1, NOW - 400 * DAY, 1, NOW + DAY]) {
    await one.keep(moment);
    assert.equal(await one.kept(), moment);
    assert.equal(await one.kept(), moment);
  }
  const another = await anotherOn(store, openStore);
  if (another === null) return undefined;
  const other = methodsOf(another)!;
  assert.equal(await other.kept(), NOW + DAY, 'kept by another instance');
  await other.keep(NOW - DAY);
  assert.equal(await one.kept(), NOW - DAY, 'kept by another instance');
  return undefined;
}

async function returnsTheLast(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<NotTried | undefined> {
  const methods = methodsOf(store);
  if (methods === null) return NOT_THERE;
  await methods.keep(NOW);
  await put(store, { createdAt: NOW + 10 * DAY, rotatedAt: NOW + 10 * DAY });
  assert.equal(await methods.kept(), NOW, 'after a login that is later');
  await store.revoke('everything', 'everything', NOW + 11 * DAY);
  assert.equal(await methods.kept(), NOW, 'after a revocation that is later');
  await store.deleteEnded(NOW + 20 * DAY, 500);
  assert.equal(await methods.kept(), NOW, 'after a purge that is later');
  if (store.forgetDevices === undefined) return undefined;
  const forgottenAt = Math.max(NOW, (await store.devicesForgottenAt!()) ?? 0);
  for (const moment of [forgottenAt + DAY, NOW - DAY]) {
    await store.forgetDevices(moment);
    assert.equal(await methods.kept(), NOW, 'after devices were forgotten');
  }
  await keepsBothMoments(store, openStore);
  return undefined;
}

/** A store keeps two times. If both are written at once, neither may get lost. */
async function keepsBothMoments(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  let moment: number = Math.max(NOW, (await store.devicesForgottenAt!()) ?? 0);
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    for (const isKeptFirst of [true, false]) {
      moment += 10;
      const keep = async () => one.keepTime!(moment);
      const forget = async () => two.forgetDevices!(moment + 1);
      await (isKeptFirst ? inTurn(keep, forget) : inTurn(forget, keep));
      assert.equal(await store.keptTime!(), moment, 'kept while devices were forgotten');
      assert.equal(await store.devicesForgottenAt!(), moment + 1, 'while a time was kept');
    }
  });
}

function methodsOf(store: RefreshTokenStore) {
  const methods = bothOrNeither(store.keepTime, store.keptTime, METHODS);
  if (methods === null) return null;
  const [keep, kept] = methods;
  return { keep: keep.bind(store), kept: kept.bind(store) };
}
