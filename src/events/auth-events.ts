import { channel } from 'node:diagnostics_channel';
import type { OutageSource } from '../errors/store-unavailable.js';
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
      /** As it was typed. For a wrong current password it is the user's own name, or null if the claims have none. */
      username: string | null;
      userId: string | null;
      /** The session of the request, if the current password was wrong. */
      sessionId?: string | null;
      /** This user has too many failures, under one or several names. The password was not the reason. */
      locked?: true;
    } & ClientInfo)
  | ({ type: 'rotated'; generation: number } & OfSession)
  /** The current token, rotated less than one leeway ago: a new access token, no rotation. */
  | ({ type: 'renewed'; generation: number } & OfSession)
  | ({ type: 'replayed'; generation: number } & OfSession)
  | ({
      type: 'reuse_detected';
      /** `generation` is that of the presented token, `currentGeneration` that of the current one. */
      generation: number;
      currentGeneration: number;
      /** The client that rotated last, or logged in: either the thief or the victim. */
      lastRefresh: ClientInfo;
    } & OfSession)
  | {
      type: 'session_revoked';
      reason: RevocationReason;
      /** Null if a revocation ended sessions of several users. */
      userId: string | null;
      /** Null if a revocation ended several sessions. */
      sessionId: string | null;
      /** How many sessions were ended. */
      count: number;
    }
  /** `sessionId` is the session of the request, which stays open; null if the request had none. */
  | ({ type: 'password_changed'; userId: string; sessionId: string | null } & ClientInfo)
  | {
      type: 'store_unavailable';
      cause: string;

      source: OutageSource;
    }
  /** A request was refused for a reason other than a wrong password (`login_failed`) or reuse (`reuse_detected`). */
  | ({
      type: 'refused';
      code: RefusalCode;
      /** What was refused: `login`, `refresh`, … of `AuthService` or the routes, or a guarded `Controller.method`. */
      where: string;
      /** Null if no genuine token identifies the user. */
      userId: string | null;
      sessionId: string | null;
      /** The name that was typed; null if there was none. */
      username: string | null;
      /** If above 0, this event also counts this many more refusals with the same code, which had no own event. */
      suppressed: number;
    } & ClientInfo)
);

export type AuthEventType = AuthEvent['type'];

/**
 * Receives every event, immediately and in order. It may return a promise, which is not awaited. If it throws or the
 * promise rejects, the error is logged and changes nothing.
 */
export type AuthEventListener = (event: AuthEvent) => void | Promise<void>;

export type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

/** Every event is published on the `node:diagnostics_channel` with this name. */
export const AUTH_EVENT_CHANNEL = 'nestjs-refresh-auth';

/** The token of the port: an {@link AuthEventListener}. */
export const AUTH_EVENT_LISTENER = 'nestjs-refresh-auth:AUTH_EVENT_LISTENER';

/** Passes events to the app's listener and to the diagnostics channel. */
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
    const stamped = { ...event, at: this.clock.now() } as AuthEvent;
    cutLongTexts(stamped);
    this.#calls.make(stamped);
    this.#channel.publish(stamped);
  }
}

/** Clients choose the length of names and user agents, so it needs a limit. */
const LONGEST_TEXT = 255;

function cutLongTexts<T extends object>(event: T): void {
  for (const field in event) {
    const value = event[field];
    if (typeof value === 'string') event[field] = value.slice(0, LONGEST_TEXT) as typeof value;
  }
}
