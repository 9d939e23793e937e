import { ConsoleLogger } from '@nestjs/common';

/**
 * Nest's logger, but it holds errors back until the app has started: when a boot fails, parts of Nest print the same
 * error several times with its stack, where one sentence helps more. main.ts prints that sentence.
 */
export class BootLogger extends ConsoleLogger {
  #heldBack: (() => void)[] | null = [];

  constructor() {
    super({ logLevels: ['log', 'warn', 'error', 'fatal'] });
  }

  override error(message: unknown, ...rest: unknown[]): void {
    const print = () => super.error(message, ...rest);
    if (this.#heldBack === null) print();
    else this.#heldBack.push(print);
  }

  /** Prints what was held back, and everything directly from now on. */
  started(): void {
    for (const print of this.#heldBack ?? []) print();
    this.#heldBack = null;
  }
}
