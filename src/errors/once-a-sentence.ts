import { Logger } from '@nestjs/common';

/** Most messages remembered: more than one app can cause. */
const MOST = 100;

/** Logs a message only once, because a mistake in an app occurs with every request. */
export class OnceASentence {
  readonly #logger = new Logger('AuthModule');
  readonly #said = new Set<string>();

  /**
   * @param kind two messages with the same kind are the same, even if each has its own numbers
   * @param stack where it was thrown, if the message reports an error
   */
  error(sentence: string, kind = sentence, stack?: string): void {
    if (this.#said.has(kind) || this.#said.size >= MOST) return;
    this.#said.add(kind);
    if (stack === undefined) this.#logger.error(sentence);
    else this.#logger.error(sentence, stack);
  }
}
