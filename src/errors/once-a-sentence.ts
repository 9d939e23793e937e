import { Logger } from '@nestjs/common';

/** Sentences remembered at most: more than one app can do wrong. */
const MOST = 100;

/** Logs a sentence once, because what is wrong with an app is wrong with each of its requests. */
export class OnceASentence {
  readonly #logger = new Logger('AuthModule');
  readonly #said = new Set<string>();

  /**
   * @param kind what makes two sentences the same, where each has numbers of its own
   * @param stack where it was thrown, if the sentence tells of an error
   */
  error(sentence: string, kind = sentence, stack?: string): void {
    if (this.#said.has(kind) || this.#said.size >= MOST) return;
    this.#said.add(kind);
    if (stack === undefined) this.#logger.error(sentence);
    else this.#logger.error(sentence, stack);
  }
}
