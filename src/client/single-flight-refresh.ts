import { isTransient, type AuthClientError } from './auth-client-error.js';
import { pauseMs } from './backoff.js';
import { createWakeableSleep } from './wakeable-sleep.js';
import type { RefreshAttempt } from './refresh-attempt.js';
import type { Session } from './session.js';
import type { Platform } from './platform.js';

export interface SingleFlightRefresh {
  /** Starts a refresh, or joins the running one. Rejects when it fails for now. */
  join(): Promise<void>;
  /** Retries a failed refresh at once. */
  retry(): void;
  /** Call when a token, or the end of the session, has arrived. */
  settle(): void;
}

/** Callers share one refresh. It is retried until `patienceMs`, and after that by a background timer if allowed. */
export function singleFlightRefresh(
  attempt: RefreshAttempt,
  session: Session,
  platform: Platform,
  patienceMs: number,
  mayRetryInBackground: () => unknown,
): SingleFlightRefresh {
  const backoff = createWakeableSleep(platform);
  let running: Promise<void> | undefined;
  let failures = 0;
  let retryAt: number;
  let lastError: AuthClientError;

  async function refreshUntilSettled(): Promise<void> {
    const { changes } = session;
    const isSettled = () => session.changes !== changes;
    const deadline = platform.now() + patienceMs;
    while (true) {
      const waitMs = failures && retryAt - platform.now();
      if (waitMs > 0) {
        if (retryAt > deadline) throw lastError;
        await backoff.sleep(waitMs);
      }
      const error = await attempt(failures, isSettled);
      if (isSettled()) return;
      // No error, but not settled: the response predates a login or logout. Discard it and retry.
      if (!error) continue;
      lastError = error;
      session.fail(error);
      const pause = error.retryAfterMs + pauseMs(failures++, platform.random());
      retryAt = platform.now() + pause;
      if (!isTransient(error)) throw error;
      platform.after(pause, retryInBackground, true);
    }
  }

  const join = () => (running ??= refreshUntilSettled().finally(() => (running = undefined)));
  const retryInBackground = () =>
    void (failures && mayRetryInBackground() && join().catch(() => {}));

  return {
    join,
    settle() {
      failures = 0;
      backoff.wake();
    },
    retry() {
      retryAt = 0;
      backoff.wake();
      retryInBackground();
    },
  };
}
