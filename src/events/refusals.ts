import type { OnApplicationShutdown } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { networkOf } from '../input/ip-address.js';
import type { Clock } from '../runtime/clock.js';
import type { AuthEvents } from './auth-events.js';
import { UNKNOWN_CLIENT, type ClientInfo } from './client-info.js';
import { isReported } from './refusal-events.js';
import { RefusalWindow, type Bucket } from './refusal-window.js';

/** Refusals of one kind are counted together for this long. */
const WINDOW_MS = 60_000;

/** What is known about the client that was refused. */
export interface Refused {
  where: string;
  client: ClientInfo;
  userId?: string | null;
  sessionId?: string | null;
  /** As it was typed, so of any type. */
  username?: unknown;
}

/**
 * Reports refusals that a security team counts (OWASP ASVS 16.3). Many refusals must not become as many events: in each
 * minute the first few per code and address get an event each, and the rest share one at the end.
 */
export class Refusals implements OnApplicationShutdown {
  #window: RefusalWindow;
  #timer: NodeJS.Timeout | undefined;
  readonly #reported = new WeakSet<AuthError>();

  constructor(
    private readonly events: AuthEvents,
    private readonly clock: Clock,
  ) {
    this.#window = new RefusalWindow(clock.now());
  }

  /** Reports an error if it is a counted refusal that has not been reported yet by code that knows more. */
  report(error: unknown, refused: Refused): void {
    if (!(error instanceof AuthError) || this.#reported.has(error)) return;
    const { where, client, userId, sessionId, username } = refused;
    const { code } = error;
    if (!isReported(code)) return;
    this.#reported.add(error);
    this.#turn();
    if (!this.#window.admits(code, client.ip === null ? null : networkOf(client.ip))) {
      this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS).unref();
      return;
    }
    this.events.emit({
      type: 'refused',
      code,
      where,
      userId: userId ?? error.subject?.userId ?? null,
      sessionId: sessionId ?? error.subject?.sessionId ?? null,
      // Input that failed validation may be anything: for example a password in the wrong field.
      username: typeof username === 'string' && code !== 'invalid_request' ? username : null,
      suppressed: 0,
      ...client,
    });
  }

  /** Runs some work, and reports it if it is refused. */
  async reporting<T>(refused: Refused, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.report(error, refused);
      throw error;
    }
  }

  /** Reports now what was only counted so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { suppressed } = this.#window;
    this.#window = new RefusalWindow(this.clock.now());
    for (const bucket of suppressed) this.#sum(bucket);
  }

  onApplicationShutdown(): void {
    this.flush();
  }

  /** Starts a new window when the old one has ended, and also when the clock was set back. */
  #turn(): void {
    const age = this.clock.now() - this.#window.since;
    if (age >= WINDOW_MS || age < 0) this.flush();
  }

  #sum({ code, network, count }: Bucket): void {
    this.events.emit({
      type: 'refused',
      code,
      where: 'several',
      userId: null,
      sessionId: null,
      username: null,
      suppressed: count,
      ...UNKNOWN_CLIENT,
      ip: network,
    });
  }
}
