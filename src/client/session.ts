import type { AuthState } from './auth-client.js';
import type { AuthClientError } from './auth-client-error.js';
import type { HeldToken } from './held-token.js';

/** What this tab knows of who is signed in. */
export interface Session {
  /** Grows with every login and logout, in whatever tab: what was begun before one is void after it. */
  epoch: number;
  /** Another one after each token and each sign-out: whether what one waits for has happened. */
  changes?: object;
  held?: HeldToken | undefined;
  state: AuthState;
  subscribe(listener: (state: AuthState) => void): () => void;
  /** Signed in with a token, or signed out for a reason. */
  change(held: HeldToken | undefined, reason?: string): void;
  /** Something failed for now. */
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
    // Later, so that what a listener throws hits nobody else. queueMicrotask() is not everywhere.
    for (const listener of listeners) void Promise.resolve(state).then(listener);
  }

  return session;
}
