import { channel } from 'node:diagnostics_channel';
import { Logger } from '@nestjs/common';
import type { ClientInfo } from './client-info.js';
import type { RevocationReason } from './refresh-token-store.js';

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
  | ({ type: 'refreshed'; generation: number } & OfSession)
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
);

export type AuthEventType = AuthEvent['type'];

/** Told of every event, at once and in order. What it throws is logged and changes nothing. */
export type AuthEventListener = (event: AuthEvent) => void;

type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

/** The name of the `node:diagnostics_channel` that every event is published on. */
export const AUTH_EVENT_CHANNEL = 'nestjs-refresh-auth';

/** Hands events to the app's listener and to the diagnostics channel. */
export class AuthEvents {
  readonly #logger = new Logger('AuthModule');
  readonly #channel = channel(AUTH_EVENT_CHANNEL);

  constructor(
    private readonly listener: AuthEventListener,
    private readonly clock: { now(): number },
  ) {}

  emit(event: Unstamped<AuthEvent>): void {
    const stamped = { ...event, at: this.clock.now() } as AuthEvent;
    try {
      this.listener(stamped);
    } catch (error) {
      this.#logger.error(`The listener failed on ${event.type}: ${String(error)}`);
    }
    if (this.#channel.hasSubscribers) this.#channel.publish(stamped);
  }
}
