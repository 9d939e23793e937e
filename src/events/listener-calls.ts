import { Logger } from '@nestjs/common';
import { textOf } from '../errors/text-of.js';

/**
 * Most unfinished calls of a listener. If the listener waits for a hanging database, its calls must not fill the
 * memory.
 */
const MOST_UNFINISHED = 10_000;

/**
 * Calls the app's listener. Requests never wait for it and never fail because of it: its errors are logged. A listener
 * that falls too far behind misses events, and their number is logged.
 */
export class ListenerCalls<Event extends { type: string }> {
  readonly #logger = new Logger('AuthModule');
  #unfinished = 0;
  #missed = 0;

  constructor(private readonly listener: (event: Event) => unknown) {}

  make(event: Event): void {
    if (this.#unfinished >= MOST_UNFINISHED) return this.#miss();
    try {
      const result: unknown = this.listener(event);
      if (typeof result === 'object' && result !== null) void this.#finish(result, event);
    } catch (error) {
      this.#fail(event, error);
    }
  }

  async #finish(pending: object, event: Event): Promise<void> {
    this.#unfinished += 1;
    try {
      await pending;
    } catch (error) {
      this.#fail(event, error);
    } finally {
      this.#unfinished -= 1;
      this.#catchUp();
    }
  }

  #miss(): void {
    if (this.#missed === 0) {
      this.#logger.error(
        `The listener has ${MOST_UNFINISHED} events unfinished: it misses what happens until it has caught up.`,
      );
    }
    this.#missed += 1;
  }

  #catchUp(): void {
    if (this.#missed === 0 || this.#unfinished > MOST_UNFINISHED / 2) return;
    this.#logger.error(`The listener has missed ${this.#missed} events.`);
    this.#missed = 0;
  }

  #fail({ type }: Event, error: unknown): void {
    try {
      this.#logger.error(`The listener failed on ${type}: ${textOf(error)}`);
    } catch {
      // The listener may have failed because the logger does.
    }
  }
}
