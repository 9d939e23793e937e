import type { RefreshTokenStore } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore } from 'nestjs-refresh-auth/testing';
import type { Mutant } from './mutated-memory-store.js';

/** A correct store with some methods replaced. */
export function but(change: (right: RefreshTokenStore) => Partial<RefreshTokenStore>): Mutant {
  return async () => {
    const right = new MemoryRefreshTokenStore();
    return { ...bound(right), ...change(right) };
  };
}

/** Instances that share their sessions, but each with some memory of its own. */
export function instances(
  change: (right: RefreshTokenStore) => Partial<RefreshTokenStore>,
): Mutant {
  const right = new MemoryRefreshTokenStore();
  return async () => ({ ...bound(right), ...change(right) });
}

export function bound(right: RefreshTokenStore): RefreshTokenStore {
  return {
    insert: async (session) => right.insert(session),
    rotate: async (rotation) => right.rotate(rotation),
    find: async (id) => right.find(id),
    listActive: async (...query) => right.listActive(...query),
    revoke: async (...revocation) => right.revoke(...revocation),
    revokedSince: async (since) => right.revokedSince(since),
    deleteEnded: async (...slice) => right.deleteEnded(...slice),
    forgetDevices: async (now) => right.forgetDevices!(now),
    devicesForgottenAt: async () => right.devicesForgottenAt!(),
    keepTime: async (moment) => right.keepTime!(moment),
    keptTime: async () => right.keptTime!(),
  };
}
