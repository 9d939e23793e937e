import type { AuthState } from './auth-client.js';
import type { AuthClientError } from './auth-client-error.js';
import type { HeldToken } from './held-token.js';

/** What this tab knows about the signed-in user. */
export interface Session {
  /** Grows with every login and logout, in any tab. Work started under an older epoch must be discarded. */
  epoch: number;
  /** A new object after each token and each sign-out. Comparing it shows whether either has happened. */
  changes?: object;
  held?: HeldToken | undefined;
  state: AuthState;
  subscribe(listener: (state: AuthState) => void): () => void;
  /** Signed in with a token, or signed out for a reason. */
  change(held: HeldToken | undefined, reason?: string): void;
  /** A refresh failed for now. */
  fail(error: AuthClientError): void;
}

/** @param onChange is called after every token and every sign-out */
export function createSession(onChange: () => void): Session {
  const listeners = new Set<(state: AuthState) => void>();

  const session: Session = {
    epoch: 0,
    state: { status: 'unknown' },

    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change(held, reason = '') {
      session.held = held;
      session.changes = {};
      enter(
        held ? { status: 'authenticated', login: session.epoch } : { status: 'anonymous', reason },
      );
      onChange();
    },
    fail(error) {
      const { state, held } = session;
      if (state.status === 'anonymous') return;
      enter({ ...state, status: held ? 'stale' : 'unknown', error } as AuthState);
    },
  };

  function enter(state: AuthState): void {
    session.state = state;
    // Asynchronously, so that an error in one listener can't affect another. Not every browser has queueMicrotask().
    for (const listener of listeners) void Promise.resolve(state).then(listener);
  }

  return session;
}
