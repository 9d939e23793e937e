import type { RevocationTarget, SessionRow } from '../../sessions/refresh-token-store.js';

/** By what a revocation means a session, and what else it means with it. */
export type TargetOf = (session: SessionRow) => RevocationTarget;

export const byId: TargetOf = ({ id }) => ({ id });
export const byIdAndUser: TargetOf = ({ id, userId }) => ({ id, userId });
export const byUser: TargetOf = ({ userId }) => ({ userId });
export const all: TargetOf = () => 'everything';
