import { Logger } from '@nestjs/common';

/** Most messages remembered: more than one app can cause. */
const MOST = 100;

/** Logs a message only once, because a mistake in an app occurs with every request. */
export class OncePerSentence {
  readonly #logger = new Logger('AuthModule');
  readonly #logged = new Set<string>();

  /**
   * @param kind two messages with the same kind are the same, even if each has its own numbers
   * @param stack where it was thrown, if the message reports an error
   */
  error(sentence: string, kind = sentence, stack?: string): void {
    if (this.#logged.has(kind) || this.#logged.size >= MOST) return;
    this.#logged.add(kind);
    if (stack === undefined) this.#logger.error(sentence);
    else this.#logger.error(sentence, stack);
  }
}
