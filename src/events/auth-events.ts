import { channel } from 'node:diagnostics_channel';
import type { ClientInfo } from './client-info.js';
import { ListenerCalls } from './listener-calls.js';
import type { RefusalCode } from './refusal-events.js';
import type { RevocationReason } from './revocation-reason.js';

export type { RefusalCode };

interface OfSession extends ClientInfo {
  userId: string;
  sessionId: string;
}

/** What happened, without any token, secret, hash or password. `at` is milliseconds since the epoch. */
export type AuthEvent = { at: number } & (
  | ({ type: 'registered' } & OfSession)
  | ({ type: 'login_succeeded' } & OfSession)
  | ({
      type: 'login_failed';
      /** As it was typed; of a wrong current password the user's own, null where the claims have none. */
      username: string | null;
      userId: string | null;
      /** The session that asked, where it was the current password that was wrong. */
      sessionId?: string | null;
      /** Whatever the password was: this user has too many failures, under one name or several. */
      locked?: true;
    } & ClientInfo)
  | ({ type: 'rotated'; generation: number } & OfSession)
  /** The current token, rotated less than a leeway ago: a new access token, no rotation. */
  | ({ type: 'renewed'; generation: number } & OfSession)
  | ({ type: 'replayed'; generation: number } & OfSession)
  | ({
      type: 'reuse_detected';
      /** Of the token that was presented, and of the one that is current. */
      generation: number;
      currentGeneration: number;
      /** Who refreshed last: thief and victim are these two, in either order. */
      lastRefresh: ClientInfo;
    } & OfSession)
  | {
      type: 'session_revoked';
      reason: RevocationReason;
      /** Null where a revocation ended sessions of several users. */
      userId: string | null;
      /** Null where a revocation ended several sessions. */
      sessionId: string | null;
      /** How many sessions it ended. */
      count: number;
    }
  /** `sessionId` is the session that asked, and goes on; null where none does. */
  | ({ type: 'password_changed'; userId: string; sessionId: string | null } & ClientInfo)
  | { type: 'store_unavailable'; cause: string }
  /** Somebody was kept out, other than by a wrong password (`login_failed`) or by reuse (`reuse_detected`). */
  | ({
      type: 'refused';
      code: RefusalCode;
      /** What was asked for: `login`, `refresh`, … of `AuthService` or the routes, or a guarded `Controller.method`. */
      where: string;
      /** Null where no genuine token says whose it is. */
      userId: string | null;
      sessionId: string | null;
      /** The name that was typed; null where none was. */
      username: string | null;
      /** Above 0: this event stands for so many more of the same code, which had no event of their own. */
      suppressed: number;
    } & ClientInfo)
);

export type AuthEventType = AuthEvent['type'];

/**
 * Receives every event, at once and in order. It may return a promise, which nobody waits for. What it throws, or what
 * the promise rejects with, is logged and changes nothing.
 */
export type AuthEventListener = (event: AuthEvent) => void | Promise<void>;

export type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

/** The name of the `node:diagnostics_channel` that every event is published on. */
export const AUTH_EVENT_CHANNEL = 'nestjs-refresh-auth';

/** Hands events to the app's listener and to the diagnostics channel. */
export class AuthEvents {
  readonly #calls: ListenerCalls<AuthEvent>;
  readonly #channel = channel(AUTH_EVENT_CHANNEL);

  constructor(
    listener: AuthEventListener,
    private readonly clock: { now(): number },
  ) {
    this.#calls = new ListenerCalls(listener);
  }

  emit(event: Unstamped<AuthEvent>): void {
    const stamped = { ...bounded(event), at: this.clock.now() } as AuthEvent;
    this.#calls.make(stamped);
    if (this.#channel.hasSubscribers) this.#channel.publish(stamped);
  }
}

/** Names and user agents are as long as their senders like. */
const LONGEST_TEXT = 255;

function bounded<T extends object>(event: T): T {
  const copy = { ...event };
  for (const field in copy) {
    const value = copy[field];
    if (typeof value === 'string' && value.length > LONGEST_TEXT) {
      copy[field] = value.slice(0, LONGEST_TEXT) as typeof value;
    }
  }
  return copy;
}
