import { isFinal, type AuthClientError } from './auth-client-error.js';
import type { HeldToken } from './held-token.js';
import type { Session } from './session.js';
import type { TabLock } from './tab-lock.js';

/** Resolves to why it failed for now, or to nothing. */
export type RefreshAttempt = (
  failures: number,
  /** Whether what is wanted has come by another way. */
  isSettled: () => boolean,
) => Promise<AuthClientError | undefined>;

/** One try to have a new token: from another tab, or under the lock, with one bounded request, from the server. */
export function refreshAttempt(
  session: Session,
  askTabs: () => Promise<void>,
  locked: TabLock,
  request: (failures: number) => Promise<HeldToken>,
  conclude: (held: HeldToken | undefined, reason?: string) => Promise<void>,
): RefreshAttempt {
  return async (failures, isSettled) => {
    if (session.state.status === 'unknown') await askTabs();
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
      if (session.epoch === epoch) await conclude(held, reason);
      return undefined;
    });
  };
}
