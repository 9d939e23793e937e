import type { OnApplicationShutdown } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { networkOf } from '../input/ip-address.js';
import type { Clock } from '../runtime/clock.js';
import type { AuthEvents } from './auth-events.js';
import { UNKNOWN_CLIENT, type ClientInfo } from './client-info.js';
import { isTold } from './refusal-events.js';
import { RefusalWindow, type Bucket } from './refusal-window.js';

/** How long refusals of one kind are counted together. */
const WINDOW_MS = 60_000;

/** What is known of whoever was refused. */
export interface Refused {
  where: string;
  client: ClientInfo;
  userId?: string | null;
  sessionId?: string | null;
  /** As it was typed, so it may be anything. */
  username?: unknown;
}

/**
 * Tells of refusals that a security team counts (OWASP ASVS 16.3). A flood of them must not become a flood of events:
 * in each minute the first few of a code and address have an event each, and the rest one together, at its end.
 */
export class Refusals implements OnApplicationShutdown {
  #window: RefusalWindow;
  #timer: NodeJS.Timeout | undefined;
  readonly #told = new WeakSet<AuthError>();

  constructor(
    private readonly events: AuthEvents,
    private readonly clock: Clock,
  ) {
    this.#window = new RefusalWindow(clock.now());
  }

  /** Tells of an error if it is a refusal that is counted, and nobody who knows more has told of it. */
  tell(error: unknown, refused: Refused): void {
    if (!(error instanceof AuthError) || this.#told.has(error)) return;
    const { where, client, userId, sessionId, username } = refused;
    const { code } = error;
    if (!isTold(code)) return;
    this.#told.add(error);
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
      // What failed a check of its form may be anything: a password in the wrong field.
      username: typeof username === 'string' && code !== 'invalid_request' ? username : null,
      suppressed: 0,
      ...client,
    });
  }

  /** Does some work, and tells if it is refused. */
  async telling<T>(refused: Refused, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.tell(error, refused);
      throw error;
    }
  }

  /** Tells now of what had no event yet. */
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

  /** The clock may be set back: that begins a window too. */
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
