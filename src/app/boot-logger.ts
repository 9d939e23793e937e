import { ConsoleLogger } from '@nestjs/common';

/**
 * Nest's logger, which keeps errors back until the app has started: of a boot that fails, Nest's parts print the same
 * error several times with its stack, where one sentence helps more. main.ts prints that one.
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

  /** Prints what was kept back, and from now on everything at once. */
  started(): void {
    for (const print of this.#heldBack ?? []) print();
    this.#heldBack = null;
  }
}
