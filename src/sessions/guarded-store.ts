import { OncePerSentence } from '../errors/once-per-sentence.js';
import type { StoreCall } from '../outages/store-call.js';
import type { RefreshTokenStore } from './refresh-token-store.js';
import {
  momentOrNullIn,
  revocationsIn,
  sessionOrNullIn,
  sessionsIn,
  sliceIn,
  StoreFault,
  wholeIn,
  yesOrNoIn,
} from './store-results.js';

/**
 * A store whose every result is limited in time and checked, and whose every failure becomes a 503. A result that
 * breaks the contract is a failure too, and is logged once: no decision is based on it.
 * @param log shared by all guarded stores around the same store
 */
export function guardedStore(
  store: RefreshTokenStore,
  callStore: StoreCall,
  log = new OncePerSentence(),
): RefreshTokenStore {
  type Method = keyof RefreshTokenStore;
  const checked = <M extends Method, T>(
    method: M,
    call: () => Promise<unknown>,
    resultIn: (result: unknown, method: M) => T,
  ): Promise<T> =>
    callStore(async () => {
      const result = await call();
      try {
        return resultIn(result, method);
      } catch (error) {
        if (error instanceof StoreFault) log.error(`${error.message} This becomes a 503.`);
        throw error;
      }
    });
  return {
    insert: (session) => callStore(() => store.insert(session)),
    rotate: (rotation) => checked('rotate', () => store.rotate(rotation), yesOrNoIn),
    find: (id) => checked('find', () => store.find(id), sessionOrNullIn),
    listActive: (userId, now, limit) =>
      checked('listActive', () => store.listActive(userId, now, limit), sessionsIn),
    revoke: (target, reason, now) =>
      checked('revoke', () => store.revoke(target, reason, now), wholeIn),
    revokedSince: (since) =>
      checked('revokedSince', () => store.revokedSince(since), revocationsIn),
    deleteEnded: (before, limit) =>
      checked('deleteEnded', () => store.deleteEnded(before, limit), sliceIn),
    ...(store.forgetDevices && {
      forgetDevices: (now) => callStore(() => store.forgetDevices!(now)),
    }),
    ...(store.devicesForgottenAt && {
      devicesForgottenAt: () =>
        checked('devicesForgottenAt', () => store.devicesForgottenAt!(), momentOrNullIn),
    }),
    ...(store.keepTime && { keepTime: (moment) => callStore(() => store.keepTime!(moment)) }),
    ...(store.keptTime && {
      keptTime: () => checked('keptTime', () => store.keptTime!(), momentOrNullIn),
    }),
  };
}
