import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';

/** A store that is right, and takes a few turns of the event loop before and after it has done what it does. */
export function slowed(store: RefreshTokenStore, turns: () => number): RefreshTokenStore {
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let turn = turns(); turn > 0; turn -= 1) await nextTurn();
    const result = await work();
    for (let turn = turns(); turn > 0; turn -= 1) await nextTurn();
    return result;
  };
  return {
    insert: async (session) => slowly(async () => store.insert(session)),
    rotate: async (rotation) => slowly(async () => store.rotate(rotation)),
    find: async (id) => slowly(async () => store.find(id)),
    listActive: async (...query) => slowly(async () => store.listActive(...query)),
    revoke: async (...revocation) => slowly(async () => store.revoke(...revocation)),
    revokedSince: async (since) => slowly(async () => store.revokedSince(since)),
    deleteEnded: async (...slice) => slowly(async () => store.deleteEnded(...slice)),
  };
}
