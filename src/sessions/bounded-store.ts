import type { Ask } from './bounded.js';
import type { RefreshTokenStore } from './refresh-token-store.js';

/** A store whose every answer is bounded in time, and whose every failure is a 503. */
export function boundedStore(store: RefreshTokenStore, ask: Ask): RefreshTokenStore {
  return {
    insert: (session) => ask(() => store.insert(session)),
    rotate: (rotation) => ask(() => store.rotate(rotation)),
    find: (id) => ask(() => store.find(id)),
    listActive: (userId, now, limit) => ask(() => store.listActive(userId, now, limit)),
    revoke: (target, reason, now) => ask(() => store.revoke(target, reason, now)),
    revokedSince: (since) => ask(() => store.revokedSince(since)),
    deleteEnded: (before, limit) => ask(() => store.deleteEnded(before, limit)),
    ...(store.forgetDevices && { forgetDevices: (now) => ask(() => store.forgetDevices!(now)) }),
    ...(store.devicesForgottenAt && {
      devicesForgottenAt: () => ask(() => store.devicesForgottenAt!()),
    }),
    ...(store.keepTime && { keepTime: (moment) => ask(() => store.keepTime!(moment)) }),
    ...(store.keptTime && { keptTime: () => ask(() => store.keptTime!()) }),
  };
}
