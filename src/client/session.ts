import type { AuthState } from './auth-client.js';
import type { AuthClientError } from './auth-client-error.js';
import type { HeldToken } from './held-token.js';

/** What this tab knows of who is signed in. */
export type Session = ReturnType<typeof createSession>;

/** @param onChange is called after every token and every sign-out */
export function createSession(onChange: () => void) {
  const listeners = new Set<(state: AuthState) => void>();

  const session = {
    /** Grows with every login and logout, in whatever tab: what was begun before one is void after it. */
    epoch: 0,
    /** Counts tokens and sign-outs: whether what one waits for has happened. */
    changes: 0,
    held: undefined as HeldToken | undefined,
    state: { status: 'unknown' } as AuthState,

    subscribe(listener: (state: AuthState) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Signed in with a token, or signed out for a reason. */
    change(held: HeldToken | undefined, reason = '') {
      session.held = held;
      session.changes += 1;
      enter(
        held ? { status: 'authenticated', login: session.epoch } : { status: 'anonymous', reason },
      );
      onChange();
    },
    /** Something failed for now. */
    fail(error: AuthClientError) {
      const { state, held } = session;
      if (state.status === 'anonymous') return;
      enter({ ...state, status: held ? 'stale' : 'unknown', error } as AuthState);
    },
  };

  function enter(state: AuthState): void {
    session.state = state;
    // Later, so that what a listener throws hits nobody else.
    for (const listener of listeners) queueMicrotask(() => listener(state));
  }

  return session;
}
