import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { DAY, NOW } from './sample-sessions.js';
import type { StoreCases } from './store-case.js';

export const forgetDevicesCases: StoreCases = {
  'Is told to whoever asks later, however long.': isTold,
  'Never moves back: a moment before the one that is kept changes nothing.': neverMovesBack,
};

export const devicesForgottenAtCases: StoreCases = {
  'Returns the latest moment that `forgetDevices` was given, or null where there was none.':
    returnsTheLatest,
};

/** A store has both methods or neither. */
function methodsOf(store: RefreshTokenStore) {
  const { forgetDevices, devicesForgottenAt } = store;
  assert.equal(typeof forgetDevices, typeof devicesForgottenAt, 'one of the two is missing');
  if (forgetDevices === undefined || devicesForgottenAt === undefined) return null;
  return {
    forget: forgetDevices.bind(store),
    forgottenAt: devicesForgottenAt.bind(store),
  };
}

async function later(forgottenAt: () => Promise<number | null>): Promise<number> {
  return Math.max(NOW, (await forgottenAt()) ?? 0) + DAY;
}

async function isTold(store: RefreshTokenStore): Promise<void> {
  const methods = methodsOf(store);
  if (methods === null) return;
  const now = await later(methods.forgottenAt);
  await methods.forget(now);
  await store.deleteEnded(now + DAY, 1000);
  assert.equal(await methods.forgottenAt(), now);
  assert.equal(await methods.forgottenAt(), now);
}

async function neverMovesBack(store: RefreshTokenStore): Promise<void> {
  const methods = methodsOf(store);
  if (methods === null) return;
  const now = await later(methods.forgottenAt);
  await Promise.all([methods.forget(now - 1), methods.forget(now), methods.forget(now - DAY)]);
  await methods.forget(now - 1);
  assert.equal(await methods.forgottenAt(), now);
}

async function returnsTheLatest(store: RefreshTokenStore): Promise<void> {
  const methods = methodsOf(store);
  if (methods === null) return;
  const before = await methods.forgottenAt();
  assert.ok(before === null || Number.isSafeInteger(before));
  for (let i = 0; i < 3; i += 1) {
    const now = await later(methods.forgottenAt);
    await methods.forget(now);
    assert.equal(await methods.forgottenAt(), now);
  }
}
