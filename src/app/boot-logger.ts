import { ConsoleLogger } from '@nestjs/common';

/** The parts of Nest that log each module and each route while the app starts. */
const STARTING = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/**
 * Nest's logger, but it holds errors back until the app has started: when a boot fails, parts of Nest print the same
 * error several times with its stack, where one sentence helps more. main.ts prints that sentence.
 *
 * Outside production it leaves out Nest's list of modules and routes, which hides the greeting. Warnings are printed at
 * once, whoever logs them.
 */
export class BootLogger extends ConsoleLogger {
  #heldBack: (() => void)[] | null = [];

  constructor(private readonly isProduction: boolean) {
    super({ logLevels: ['log', 'warn', 'error', 'fatal'] });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const isStarting = this.#heldBack !== null && STARTING.has(rest.at(-1));
    if (this.isProduction || !isStarting) super.log(message, ...rest);
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
