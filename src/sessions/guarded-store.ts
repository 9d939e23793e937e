import { OnceASentence } from '../errors/once-a-sentence.js';
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
  ask: StoreCall,
  log = new OnceASentence(),
): RefreshTokenStore {
  type Method = keyof RefreshTokenStore;
  const checked = <M extends Method, T>(
    method: M,
    question: () => Promise<unknown>,
    answerIn: (answer: unknown, method: M) => T,
  ): Promise<T> =>
    ask(async () => {
      const answer = await question();
      try {
        return answerIn(answer, method);
      } catch (error) {
        if (error instanceof StoreFault) log.error(`${error.message} This is answered with 503.`);
        throw error;
      }
    });
  return {
    insert: (session) => ask(() => store.insert(session)),
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
    ...(store.forgetDevices && { forgetDevices: (now) => ask(() => store.forgetDevices!(now)) }),
    ...(store.devicesForgottenAt && {
      devicesForgottenAt: () =>
        checked('devicesForgottenAt', () => store.devicesForgottenAt!(), momentOrNullIn),
    }),
    ...(store.keepTime && { keepTime: (moment) => ask(() => store.keepTime!(moment)) }),
    ...(store.keptTime && {
      keptTime: () => checked('keptTime', () => store.keptTime!(), momentOrNullIn),
    }),
  };
}
