import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';

/** A correct store that waits for a few turns of the event loop before and after each call. */
export function slowed(store: RefreshTokenStore, turns: () => number): RefreshTokenStore {
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let turn = turns(); turn > 0; turn -= 1) await nextTurn();
    const result = await work();
    for (let turn = turns(); turn > 0; turn -= 1) await nextTurn();
    return result;
  };
  return called(store, slowly);
}

/** A store that does one thing at a time, with a lock in the memory of the instance. */
export function queued(store: RefreshTokenStore): RefreshTokenStore {
  let last: Promise<unknown> = Promise.resolve();
  return called(store, async (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  });
}

type Calls = <T>(work: () => Promise<T>) => Promise<T>;

/** A store whose methods are all called through one function. */
function called(store: RefreshTokenStore, call: Calls): RefreshTokenStore {
  return {
    insert: async (session) => call(async () => store.insert(session)),
    rotate: async (rotation) => call(async () => store.rotate(rotation)),
    find: async (id) => call(async () => store.find(id)),
    listActive: async (...query) => call(async () => store.listActive(...query)),
    revoke: async (...revocation) => call(async () => store.revoke(...revocation)),
    revokedSince: async (since) => call(async () => store.revokedSince(since)),
    deleteEnded: async (...slice) => call(async () => store.deleteEnded(...slice)),
    forgetDevices: async (now) => call(async () => store.forgetDevices!(now)),
    devicesForgottenAt: async () => call(async () => store.devicesForgottenAt!()),
    keepTime: async (moment) => call(async () => store.keepTime!(moment)),
    keptTime: async () => call(async () => store.keptTime!()),
  };
}
