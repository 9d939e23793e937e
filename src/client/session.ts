import type { AuthState } from './auth-client.js';
import type { AuthClientError } from './auth-client-error.js';
import type { HeldToken } from './token-clock.js';

/** What this tab knows of who is signed in. */
export type Session = ReturnType<typeof createSession>;

export function createSession() {
  const listeners = new Set<(state: AuthState) => void>();

  const session = {
    /** Grows with every login and logout, in whatever tab: what was begun before one is void after it. */
    epoch: 0,
    /** Counts tokens and sign-outs: whether what one waits for has happened. */
    changes: 0,
    held: undefined as HeldToken | undefined,
    state: { status: 'unknown' } as AuthState,

    subscribe(listener: (state: AuthState) => void) {
      // A function of its own, so that one given twice is two.
      const own = (state: AuthState) => listener(state);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    signedIn(held: HeldToken) {
      session.held = held;
      session.changes += 1;
      enter({ status: 'authenticated', login: session.epoch });
    },
    signedOut(reason: string) {
      session.held = undefined;
      session.changes += 1;
      enter({ status: 'anonymous', reason });
    },
    failed(error: AuthClientError) {
      if (session.held) enter({ status: 'stale', login: session.epoch, error });
      else if (session.state.status === 'unknown') enter({ status: 'unknown', error });
    },
  };

  function enter(state: AuthState): void {
    const before = session.state;
    if (JSON.stringify(before) === JSON.stringify(state)) return;
    session.state = state;
    // Later, so that a listener that throws throws where it belongs.
    for (const listener of listeners) queueMicrotask(() => listener(state));
  }

  return session;
}
