import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { bothOrNeither } from './both-or-neither.js';
import { momentOrNone } from './moment-or-none.js';
import { atEachMomentBetween } from './moments-between.js';
import { DAY, NOW, deleteAll, put } from './sample-sessions.js';
import { anotherOn, pairsOn } from './second-store.js';
import type { NotTried, OpenStore, StoreCases } from './store-case.js';

const METHODS = 'forgetDevices() and devicesForgottenAt()';
/** Why there is nothing to try. */
const NOT_THERE: NotTried = `the store has no ${METHODS}, so the module issues no device tokens.`;

export const forgetDevicesCases: StoreCases = {
  'Is returned by `devicesForgottenAt` to every later caller.': isKept,
  'Never moves back: a moment before the stored one changes nothing.': neverMovesBack,
};

export const devicesForgottenAtCases: StoreCases = {
  'Returns the latest moment that `forgetDevices` received, or null if there was none.':
    returnsTheLatest,
};

function methodsOf(store: RefreshTokenStore) {
  const methods = bothOrNeither(store.forgetDevices, store.devicesForgottenAt, METHODS);
  if (methods === null) return null;
  const [forget, forgottenAt] = methods;
  return { forget: forget.bind(store), forgottenAt: forgottenAt.bind(store) };
}

async function later(forgottenAt: () => Promise<number | null>): Promise<number> {
  return Math.max(NOW, momentOrNone(await forgottenAt()) ?? 0) + DAY;
}

async function isKept(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<NotTried | undefined> {
  const methods = methodsOf(store);
  if (methods === null) return NOT_THERE;
  const now = await later(methods.forgottenAt);
  await methods.forget(now);
  const isStill = async (message: string) => {
    assert.equal(await methods.forgottenAt(), now, message);
    assert.equal(await methods.forgottenAt(), now, message);
  };
  await isStill('at once');
  const { userId } = await put(store, { createdAt: now + DAY, rotatedAt: now + DAY });
  await isStill('after a login');
  await store.revoke({ userId }, 'logout_all', now + DAY);
  await isStill('after the end of a user\u2019s sessions');
  await store.revoke('everything', 'everything', now + DAY);
  await isStill('after the end of every session');
  await deleteAll(store, now + 1000 * DAY);
  await isStill('after a purge');
  if (store.keptTime !== undefined) momentOrNone(await store.keptTime());
  for (const moment of [now - DAY, now, now + DAY]) {
    await store.keepTime?.(moment);
    await isStill('after a time was kept');
  }
  const another = await anotherOn(store, openStore);
  if (another !== null) await isKeptForOthers(methods, methodsOf(another)!);
  return undefined;
}

/** With two instances, in turn. */
async function isKeptForOthers(one: Methods, other: Methods): Promise<void> {
  assert.equal(await other.forgottenAt(), await one.forgottenAt(), 'read by another instance');
  for (const [first, then] of [
    [one, other],
    [other, one],
  ] as const) {
    const now = await later(first.forgottenAt);
    await first.forget(now);
    assert.equal(await then.forgottenAt(), now, 'read by another instance');
    await then.forget(now - DAY);
    assert.equal(await first.forgottenAt(), now, 'after an earlier moment by another instance');
  }
}

async function neverMovesBack(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<NotTried | undefined> {
  const one = methodsOf(store);
  if (one === null) return NOT_THERE;
  for (const [, second] of await pairsOn(store, openStore)) {
    const two = methodsOf(second)!;
    await atEachMomentBetween(async (inTurn) => {
      for (const isLaterFirst of [true, false]) {
        const now = await later(one.forgottenAt);
        const [a, b] = isLaterFirst ? [now, now - DAY / 2] : [now - DAY / 2, now];
        await inTurn(
          async () => one.forget(a),
          async () => two.forget(b),
        );
        const kept: number[] = (await Promise.all([one.forgottenAt(), two.forgottenAt()])).map(
          Number,
        );
        assert.equal(Math.max(...kept), now, 'the later of two at once');
      }
    });
  }
  const now = await later(one.forgottenAt);
  await Promise.all([now - 1, now, now - DAY].map(async (moment) => one.forget(moment)));
  for (const moment of [now - 1, now - DAY, 1, 0]) {
    await one.forget(moment);
    assert.equal(await one.forgottenAt(), now);
  }
  return undefined;
}

async function returnsTheLatest(store: RefreshTokenStore): Promise<NotTried | undefined> {
  const methods = methodsOf(store);
  if (methods === null) return NOT_THERE;
  for (const more of [0, 1, 999, 1]) {
    const now: number = (await later(methods.forgottenAt)) + more;
    await methods.forget(now);
    assert.equal(await methods.forgottenAt(), now);
    await methods.forget(now + 1);
    assert.equal(await methods.forgottenAt(), now + 1, 'a millisecond later');
  }
  return undefined;
}

type Methods = NonNullable<ReturnType<typeof methodsOf>>;
