import type { RevocationTarget, SessionRow } from '../../sessions/refresh-token-store.js';

/** Builds the revocation target that identifies a session, and so also which other sessions it covers. */
export type TargetOf = (session: SessionRow) => RevocationTarget;

export const byId: TargetOf = ({ id }) => ({ id });
export const byIdAndUser: TargetOf = ({ id, userId }) => ({ id, userId });
export const byUser: TargetOf = ({ userId }) => ({ userId });
export const all: TargetOf = () => 'everything';
