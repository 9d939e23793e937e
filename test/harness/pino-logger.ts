import type { LoggerService } from '@nestjs/common';
import { pino, type Level } from 'pino';

/**
 * A pino that is called as the `Logger` of nestjs-pino calls it (4.6 and 5.2 alike): the last parameter is the context,
 * the fields of an object are fields of the record. Versions of nestjs-pino for Nest 12 need Node 22, so it isn't here.
 */
export class PinoLogger implements LoggerService {
  readonly #pino: ReturnType<typeof pino>;

  constructor(write: (line: string) => void) {
    this.#pino = pino({}, { write });
  }

  log = (message: unknown, ...rest: unknown[]) => this.#call('info', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.#call('warn', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.#call('error', message, rest);

  #call(level: Level, message: unknown, rest: unknown[]): void {
    const fields = rest.length === 0 ? {} : { context: rest.at(-1) };
    const [text, ...others] = rest.slice(0, -1) as [string | undefined, ...unknown[]];
    if (typeof message === 'object') {
      this.#pino[level](Object.assign(fields, message), text, ...others);
    } else {
      this.#pino[level](fields, message as string, text, ...others);
    }
  }
}
