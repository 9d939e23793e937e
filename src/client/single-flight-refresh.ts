import { isTransient, type AuthClientError } from './auth-client-error.js';
import { pauseMs } from './backoff.js';
import { createBell } from './wakeable-sleep.js';
import type { RefreshAttempt } from './refresh-attempt.js';
import type { Session } from './session.js';
import type { Surroundings } from './platform.js';

export interface RefreshFlight {
  /** Begins to refresh, or joins the refresh under way. Rejects when it fails for now. */
  join(): Promise<void>;
  /** Tries what failed again, at once. */
  retry(): void;
  /** A token, or the end of the session, has come. */
  land(): void;
}

/** One refresh at a time, tried again while its callers have patience, and after that, if it may, by a timer. */
export function refreshFlight(
  attempt: RefreshAttempt,
  session: Session,
  around: Surroundings,
  patienceMs: number,
  goesOn: () => unknown,
): RefreshFlight {
  const bell = createBell(around);
  let flight: Promise<void> | undefined;
  let failures = 0;
  let retryAt: number;
  let lastError: AuthClientError;

  async function fly(): Promise<void> {
    const { changes } = session;
    const isSettled = () => session.changes !== changes;
    const deadline = around.now() + patienceMs;
    while (true) {
      const waitMs = failures && retryAt - around.now();
      if (waitMs > 0) {
        if (retryAt > deadline) throw lastError;
        await bell.wait(waitMs);
      }
      const error = await attempt(failures, isSettled);
      if (isSettled()) return;
      // The answer was to a question of an earlier epoch.
      if (!error) continue;
      lastError = error;
      session.fail(error);
      const pause = error.retryAfterMs + pauseMs(failures++, around.random());
      retryAt = around.now() + pause;
      if (!isTransient(error)) throw error;
      around.after(pause, joinAlone, true);
    }
  }

  const join = () => (flight ??= fly().finally(() => (flight = undefined)));
  const joinAlone = () => void (failures && goesOn() && join().catch(() => {}));

  return {
    join,
    land() {
      failures = 0;
      bell.ring();
    },
    retry() {
      retryAt = 0;
      bell.ring();
      joinAlone();
    },
  };
}
