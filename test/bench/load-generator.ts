import type { Load, Served } from './load.js';
import { CLIENT_CORE, endOf, messageFrom, startProgram } from './processes.js';

/** Sends requests from a separate process, on a separate core. */
export class LoadGenerator {
  readonly #program = startProgram('./load.js', CLIENT_CORE);

  async run(load: Load): Promise<Served> {
    this.#program.send(load);
    const { served, error } = await messageFrom<{ served?: Served; error?: string }>(this.#program);
    if (served === undefined) throw new Error(error);
    return served;
  }

  close(): Promise<void> {
    return endOf(this.#program);
  }
}
