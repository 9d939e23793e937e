import { isFinal, type AuthClientError } from './auth-client-error.js';
import type { HeldToken } from './held-token.js';
import type { Session } from './session.js';
import type { TabLock } from './tab-lock.js';

/** Resolves to the error when it failed for now, else to undefined. */
export type RefreshAttempt = (
  failures: number,
  /** Whether the token, or the sign-out, arrived in another way. */
  isSettled: () => boolean,
) => Promise<AuthClientError | undefined>;

/** One try to get a new token: from another tab, or from the server with one bounded request under the lock. */
export function refreshAttempt(
  session: Session,
  queryTabs: () => Promise<void>,
  locked: TabLock,
  request: (failures: number) => Promise<HeldToken>,
  applyOutcome: (held: HeldToken | undefined, reason?: string) => Promise<void>,
): RefreshAttempt {
  return async (failures, isSettled) => {
    if (session.state.status === 'unknown') await queryTabs();
    if (isSettled()) return undefined;

    return locked(async () => {
      if (isSettled()) return undefined;
      const { epoch } = session;
      let held: HeldToken | undefined;
      let reason: string | undefined;
      try {
        held = await request(failures);
      } catch (error) {
        if (!isFinal(error as AuthClientError)) return error as AuthClientError;
        reason = (error as AuthClientError).code;
      }
      if (session.epoch === epoch) await applyOutcome(held, reason);
      return undefined;
    });
  };
}
