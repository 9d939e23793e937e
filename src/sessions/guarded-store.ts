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
  const guarded =
    <M extends Method, T>(method: M, resultIn: (result: unknown, method: M) => T) =>
    (...given: Parameters<Methods[M]>): Promise<T> =>
      callStore(async function checked() {
        const result: unknown = await (store as Callable<M>)[method](...given);
        try {
          return resultIn(result, method);
        } catch (error) {
          if (error instanceof StoreFault) log.error(`${error.message} This becomes a 503.`);
          throw error;
        }
      });
  return {
    insert: guarded('insert', nothingIn),
    rotate: guarded('rotate', yesOrNoIn),
    find: guarded('find', sessionOrNullIn),
    listActive: guarded('listActive', sessionsIn),
    revoke: guarded('revoke', wholeIn),
    revokedSince: guarded('revokedSince', revocationsIn),
    deleteEnded: guarded('deleteEnded', sliceIn),
    ...(store.forgetDevices && { forgetDevices: guarded('forgetDevices', nothingIn) }),
    ...(store.devicesForgottenAt && {
      devicesForgottenAt: guarded('devicesForgottenAt', momentOrNullIn),
    }),
    ...(store.keepTime && { keepTime: guarded('keepTime', nothingIn) }),
    ...(store.keptTime && { keptTime: guarded('keptTime', momentOrNullIn) }),
  };
}

type Methods = Required<RefreshTokenStore>;
type Method = keyof Methods;
type Callable<M extends Method> = Record<M, (...given: Parameters<Methods[M]>) => unknown>;

function nothingIn(): void {}
